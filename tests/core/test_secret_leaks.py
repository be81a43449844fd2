# ruff: noqa: ASYNC240 - files that are at hand
"""After a secret was made, handed over and installed, it is nowhere else."""

import base64
import json
import logging
import os
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr

from scim_tui.config.idps import parse_idp
from scim_tui.config.profiles import Profile
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.config.store_secret import store_secret
from scim_tui.core.rotation.api import Rotations
from scim_tui.demo.token_file import TokenFile
from scim_tui.idps.port import Idp, InstallContext
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import DELETE_WORD
from scim_tui.model.rotation.rotation import KnownBy, Rotation, State
from scim_tui.wiring import idp_for
from tests.core.rotation.rotation_kit import World

ENDPOINT = "https://scim.example.com/tenant-1/scim/v2"
ROOT = Path(__file__).parents[2]
LOOK_AROUND = """
import glob, json, os, sys
secret = sys.stdin.read().strip()
pieces = {secret[at:at + 12].encode() for at in range(0, len(secret) - 12)}
seen, found = 0, []
for path in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
    try:
        data = open(path, "rb").read()
    except OSError:
        continue
    seen += 1
    found += [path for piece in pieces if piece in data]
mine = os.environ.get("THE_OLD_ONE", "")
open(sys.argv[1], "w").write(json.dumps(
    {"length": len(secret), "seen": seen, "found": sorted(set(found)), "old": mine}))
print("took", secret)
sys.exit(int(sys.argv[2]))
"""


def forms(secret: str) -> list[bytes]:
    """The secret and the parts of it that would be as bad."""
    coded = base64.b64encode(secret.encode()).decode()
    return [secret.encode(), secret[:14].encode(), secret[-24:].encode(), coded[:20].encode()]


def leaks(folder: Path, secret: str, *, but: Path | None = None) -> list[str]:
    """Files that hold some of the secret."""
    files = [path for path in folder.rglob("*") if path.is_file() and path != but]
    assert files, "nothing was written at all"
    return [str(path) for path in files if any(form in path.read_bytes() for form in forms(secret))]


@pytest.fixture
def secret_seen(caplog: pytest.LogCaptureFixture) -> Callable[[str], bool]:
    """Whether a log tells a secret, at any level of any library."""
    caplog.set_level(logging.DEBUG)
    for name in ("botocore", "boto3", "urllib3", "httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    return lambda secret: any(form.decode() in caplog.text for form in forms(secret))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        client: Any = boto3.client("secretsmanager")
        client.create_secret(Name="SSOSyncSCIMAccessToken", SecretString="old")
        client.create_secret(Name="sync", SecretString=json.dumps({"token": "old", "a": 1}))
        parameters: Any = boto3.client("ssm")
        parameters.put_parameter(Name="/sso/token", Value="old", Type="SecureString")
        yield


def look_around(tmp_path: Path, code: int = 0) -> str:
    script = tmp_path / "look_around.py"
    script.write_text(LOOK_AROUND)
    words = [sys.executable, str(script), str(tmp_path / "looked.json"), str(code)]
    return f"command:{shlex.join(words)} {{endpoint}} {{token_id}} {{rotation_id}}"


@asynccontextmanager
async def taking(path: Path) -> AsyncIterator[None]:
    """Somebody who takes what is put into the demo's folder, and answers."""
    import asyncio

    file = TokenFile(path / "idp-token", lambda: ENDPOINT)

    async def attend() -> None:
        while True:
            file.take()
            for question in path.glob("idp-asked-*.json"):
                number = question.stem.removeprefix("idp-asked-")
                whole = path / f".answer-{number}"
                whole.write_text("{}")
                whole.replace(path / f"idp-answer-{number}.json")
            await asyncio.sleep(0.005)

    task = asyncio.create_task(attend())
    try:
        yield
    finally:
        task.cancel()


async def install(session: Rotations, idp: Idp, names: InstallContext) -> Rotation:
    """Hand the secret to the IdP, as both front ends do."""

    async def hand_over(secret: SecretStr) -> str:
        result = await idp.install(ENDPOINT, secret, names)
        assert not any(form.decode() in repr(result) for form in forms(secret.get_secret_value()))
        return f"{result.words} {result.output}"

    await session.deliver(idp.title, hand_over)
    return await session.installed(KnownBy.API)


async def rotate(world: World, idp: Idp) -> str:
    """Create, probe, install, and the words of all that comes after; gives the secret."""
    await world.begin()
    session = world.session()
    await session.start()
    held = await session.create()
    assert held.state is State.HOLDING
    assert session.secret is not None
    secret = session.secret.get_secret_value()
    await session.probe()
    if idp.kind == "manual":
        with pytest.raises(ScimTuiError):
            await idp.install(ENDPOINT, session.secret)
        await session.deliver("by hand", world.install)
        rotation = await session.installed(KnownBy.WORD)
    else:
        names = InstallContext(profile="lab", rotation_id=held.label, token_id="tok-2")
        rotation = await install(session, idp, names)
    assert rotation.state is State.INSTALL_CLAIMED
    await session.look()
    assert not any(form.decode() in repr(rotation) for form in forms(secret))
    await session.leave()
    return secret


@pytest.mark.parametrize(
    "text",
    [
        "manual:okta",
        "secretsmanager:SSOSyncSCIMAccessToken",
        "secretsmanager:sync#token",
        "ssm:/sso/token",
    ],
)
async def test_no_file_and_no_log_has_it(
    world: World, text: str, secret_seen: Callable[[str], bool], aws: None
) -> None:
    profile = Profile(name="lab", provider="local", data_dir=world.folder, idp=parse_idp(text))
    secret = await rotate(world, idp_for(profile))
    assert leaks(world.folder, secret) == []
    assert not secret_seen(secret)


async def test_the_demos_folder_has_it_only_until_it_is_taken(
    world: World, secret_seen: Callable[[str], bool]
) -> None:
    world.folder.mkdir(parents=True)
    profile = Profile(name="demo", provider="demo", data_dir=world.folder)
    async with taking(world.folder):
        secret = await rotate(world, idp_for(profile))
    assert leaks(world.folder, secret) == []
    assert not secret_seen(secret)


async def test_no_process_shows_it_while_a_command_runs(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    secret_seen: Callable[[str], bool],
) -> None:
    SecretSource(SecretPlace.ENV, "THE_OLD_ONE")
    monkeypatch.setenv("THE_OLD_ONE", "an-older-secret")
    profile = Profile(name="lab", provider="local", data_dir=world.folder)
    secret = await rotate(world, idp_for(profile, look_around(tmp_path)))
    looked = json.loads((tmp_path / "looked.json").read_text())
    assert looked["length"] == len(secret)
    assert looked["seen"] >= 4
    assert (looked["found"], looked["old"]) == ([], "")
    assert leaks(world.folder, secret) == []
    assert not secret_seen(secret)


async def test_a_command_that_fails_leaves_it_nowhere_either(
    world: World, tmp_path: Path, secret_seen: Callable[[str], bool]
) -> None:
    profile = Profile(name="lab", provider="local", data_dir=world.folder)
    idp = idp_for(profile, look_around(tmp_path, 7))
    await world.begin()
    session = world.session()
    await session.start()
    await session.create()
    await session.probe()
    assert session.secret is not None
    secret = session.secret.get_secret_value()
    with pytest.raises(ScimTuiError, match="ended with 7") as caught:
        await install(session, idp, InstallContext())
    assert secret[:14] not in str(caught.value)
    await session.abort(DELETE_WORD)
    assert leaks(world.folder, secret) == []
    assert not secret_seen(secret)


async def test_storing_it_leaves_it_in_one_place(
    world: World, tmp_path: Path, secret_seen: Callable[[str], bool]
) -> None:
    target = tmp_path / "data" / "token"
    target.parent.mkdir()
    token = SecretSource(SecretPlace.FILE, str(target))
    profile = Profile(name="lab", provider="local", data_dir=world.folder, token=token)
    secret = await rotate(world, idp_for(profile, look_around(tmp_path)))
    await store_secret(profile, SecretStr(secret))
    assert target.read_text().strip() == secret
    assert leaks(tmp_path, secret, but=target) == []
    assert not secret_seen(secret)


def test_from_the_command_line_it_goes_where_it_was_sent_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    command = look_around(tmp_path).partition(" {")[0]
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "SCIM_TUI_DATA_DIR": str(data),
        "TMPDIR": str(tmp_path),
    }

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-X", "dev", "-W", "ignore", "-m", "scim_tui", *words],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )

    first = json.loads(run("provisioning", "enable", "--secret-to", "stdout", "--json").stdout)
    copy = tmp_path / "copy"
    keeping = "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())"
    keep = f"command:{shlex.join([sys.executable, '-c', keeping, str(copy)])}"
    made = run("tokens", "create", "--secret-to", keep)
    secret = copy.read_text()
    copy.unlink()
    assert len(secret) > 20
    for said in (made.stdout, made.stderr):
        assert not any(form.decode() in said for form in forms(secret))
    assert leaks(data, secret) == []
    assert leaks(data, first["first_token"]["secret"]) == []
    run(
        "tokens",
        "delete",
        json.loads(run("tokens", "list", "--json").stdout)["tokens"][0]["id"],
        "--confirm",
        "DELETE",
    )
    run("tokens", "create", "--secret-to", command)
    looked = json.loads((tmp_path / "looked.json").read_text())
    assert looked["length"] == len(secret)
    assert looked["found"] == []
