"""From a profile to an open workspace: in process, as a child, over TCP, with SCIM alone."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scim_tui import wiring
from scim_tui.config.idps import parse_idp
from scim_tui.config.profiles import Profile, load_profiles
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.idps.manual import ManualIdp
from scim_tui.model.errors import NotAllowed, ReadOnly, ScimTuiError, UsageError
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.rotation.rotation import Level
from scim_tui.providers import child
from scim_tui.wiring.policy import policy_of


@pytest.fixture
def profile(place: Path) -> Profile:
    return Profile(name="lab", provider="local", data_dir=place / "data")


@pytest.fixture
def any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual port may be somebody's."""
    monkeypatch.setattr(wiring, "_free_port", lambda: 0)


async def test_a_local_profile_runs_in_this_process_and_keeps_what_was_done(
    profile: Profile,
) -> None:
    space = await wiring.open_workspace(profile, via="cli")
    enabled = await space.provisioning.enable()
    assert enabled.first_token is not None
    await space.aclose()
    again = await wiring.open_workspace(profile, via="cli")
    assert [token.id for token in await again.tokens.list()] == [enabled.first_token.token.id]
    snapshot = await again.health.take()
    assert (snapshot.status.state, snapshot.problems) == (ProvisioningState.ENABLED, {})
    await again.aclose()
    assert profile.data_dir.stat().st_mode & 0o777 == 0o700
    entry = (await again.audit.entries(1))[0]
    assert entry.actor.endswith(f"@{socket.gethostname()}")


async def test_read_only_comes_from_the_profile_or_the_caller(place: Path) -> None:
    for by_profile, by_caller in ((True, False), (False, True)):
        profile = Profile(name="x", provider="local", data_dir=place, read_only=by_profile)
        space = await wiring.open_workspace(profile, via="cli", read_only=by_caller)
        with pytest.raises(ReadOnly):
            await space.provisioning.enable()
        await space.aclose()


async def test_a_served_workspace_is_a_child_that_idps_can_reach(
    profile: Profile, any_port: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = await wiring.open_served_workspace(profile, via="tui")
    try:
        assert space.alive()
        enabled = await space.provisioning.enable()
        endpoint = str(enabled.status.scim_endpoint)
        assert endpoint.startswith("http://127.0.0.1:")
        assert enabled.status.listening is True
        assert "admin_key" not in space.facts
        assert enabled.first_token is not None
        secret = SecretSource(SecretPlace.ENV, "A_TOKEN")
        monkeypatch.setenv("A_TOKEN", enabled.first_token.secret.get_secret_value())
        scim = Profile(
            name="s", provider="scim", data_dir=profile.data_dir, endpoint=endpoint, token=secret
        )
        seen = await wiring.open_workspace(scim, via="cli")
        assert (await seen.provisioning.status()).state is ProvisioningState.ENABLED
        await seen.aclose()
    finally:
        await space.aclose()
    assert not space.alive()


async def test_a_second_screen_takes_another_port_and_sees_the_same(profile: Profile) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", wiring.PORT))
            other.listen()
        except OSError:
            pass
        assert wiring._free_port() == 0
        space = await wiring.open_served_workspace(profile, via="tui")
        await space.provisioning.enable()
        beside = await wiring.open_workspace(profile, via="cli")
        assert (await beside.provisioning.status()).state is ProvisioningState.ENABLED
        await beside.aclose()
        await space.aclose()


async def test_a_second_screen_shows_the_endpoint_of_the_process_that_listens(
    profile: Profile, any_port: None
) -> None:
    first = await wiring.open_served_workspace(profile, via="tui")
    try:
        await first.provisioning.enable()
        told = (await first.provisioning.status()).scim_endpoint
        second = await wiring.open_served_workspace(profile, via="tui")
        status = await second.provisioning.status()
        assert (status.scim_endpoint, status.listening) == (told, True)
        assert second.alive()
    finally:
        await first.aclose()
    assert not second.alive(), "nobody listens any longer, so it is opened anew"
    await second.aclose()


def test_the_child_ends_with_a_parent_that_is_killed(place: Path) -> None:
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom scim_tui import wiring\n"
        "from scim_tui.config.profiles import Profile\n"
        "wiring._free_port = lambda: 0\n"
        "async def main():\n"
        "    profile = Profile(name='x', provider='local', data_dir=Path(sys.argv[1]))\n"
        "    space = await wiring.open_served_workspace(profile, via='tui')\n"
        "    print(space.closers[0].__self__.process.pid, flush=True)\n"
        "    await asyncio.sleep(3600)\n"
        "asyncio.run(main())"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(place)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    handle = os.pidfd_open(child)
    parent.kill()
    parent.wait(10)
    parent.stdout.close()
    assert _ends(handle)


def _ends(handle: int) -> bool:
    """Whether the process ends in time; its handle becomes readable then (pidfd_open(2))."""
    import select

    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import sys; sys.exit('no \\x1b[31m luck')", "no \\x1b[31m luck"),
        ("print('admin_key: hush')", "Try: scim-tui serve"),
        ("print('{}')", "scim-tui serve"),
    ],
)
async def test_a_child_that_does_not_start_is_quoted(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, code: str, says: str
) -> None:
    monkeypatch.setattr(wiring, "_serve_command", lambda _: [sys.executable, "-c", code])
    with pytest.raises(ScimTuiError, match="did not start") as caught:
        await wiring.open_served_workspace(profile, via="tui")
    assert says in caught.value.hint
    assert "\x1b" not in caught.value.hint


async def test_a_child_that_says_nothing_is_given_up(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "READY_SECONDS", 0.2)
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    monkeypatch.setattr(wiring, "_serve_command", lambda _: command)
    with pytest.raises(ScimTuiError, match="within"):
        await wiring.open_served_workspace(profile, via="tui")


async def test_a_child_that_will_not_stop_is_killed(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.2)
    code = (
        'import signal; print(\'{"admin_endpoint": "http://127.0.0.1:9"}\', flush=True); '
        "signal.pause()"
    )
    monkeypatch.setattr(wiring, "_serve_command", lambda _: [sys.executable, "-c", code])
    space = await wiring.open_served_workspace(profile, via="tui")
    assert space.alive()
    await space.aclose()
    assert not space.alive()


async def test_a_cancelled_start_leaves_no_child(
    profile: Profile, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    monkeypatch.setattr(child, "STOP_SECONDS", 0.2)
    pipe = place / "pipe"
    os.mkfifo(pipe)
    code = "import os, sys, signal; open(sys.argv[1], 'w').write(str(os.getpid())); signal.pause()"
    command = [sys.executable, "-c", code, str(pipe)]
    monkeypatch.setattr(wiring, "_serve_command", lambda _: command)
    task = asyncio.create_task(wiring.open_served_workspace(profile, via="tui"))
    handle = os.pidfd_open(int(await asyncio.to_thread(pipe.read_text)))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _ends(handle)


@contextmanager
def served(folder: Path) -> Iterator[dict[str, Any]]:
    """`scim-tui serve` as a program of its own."""
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "scim_tui",
            "serve",
            "--data",
            str(folder),
            "--port",
            "0",
            "--enable",
            "--ready-json",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        yield json.loads(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(10)
        child.stdout.close()


async def test_a_service_elsewhere_is_administered_with_its_key(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(place / "elsewhere") as facts:
        key = place / "key"
        key.write_text(facts["admin_key"])
        key.chmod(0o600)
        config = (
            f'[profiles.far]\nprovider = "service"\nadmin_endpoint = "{facts["admin_endpoint"]}"\n'
            f'admin_key_file = "{key}"\n'
        )
        (place / "c.toml").write_text(config)
        monkeypatch.setenv("SCIM_TUI_CONFIG", str(place / "c.toml"))
        profile = load_profiles().choose("far")
        space = await wiring.open_workspace(profile, via="cli")
        made = await space.tokens.create()
        assert [token.id for token in await space.tokens.list()] == [made.token.id]
        await space.aclose()
        key.write_text("wrong")
        space = await wiring.open_workspace(profile, via="cli")
        with pytest.raises(NotAllowed):
            await space.tokens.list()
        await space.aclose()


async def test_a_demo_is_no_profile_for_commands(place: Path) -> None:
    with pytest.raises(UsageError, match="demo"):
        await wiring.open_workspace(
            Profile(name="demo", provider="demo", data_dir=place), via="cli"
        )


def test_the_whole_path_through_the_console_script(place: Path) -> None:
    script = str(Path(sys.executable).with_name("scim-tui"))

    def call(*argv: str) -> Any:  # noqa: ANN401 - raw JSON
        done = subprocess.run([script, *argv], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    way = f"file:{place / 'token'}"
    assert call("provisioning", "enable", "--secret-to", way, "--json")["state"] == "enabled"
    (token,) = call("tokens", "list", "--json")["tokens"]
    call("tokens", "delete", token["id"], "--confirm", "DELETE", "--json")
    off = call("provisioning", "disable", "--confirm", "DISABLE", "--json")
    assert off["state"] == "disabled"
    assert call("audit", "verify", "--json") == {
        "path": str(place / "data" / "audit.jsonl"),
        "ok": True,
        "count": 6,
        "first_bad_line": None,
        "reason": "",
        "torn": [],
    }


@pytest.mark.parametrize(
    ("provider", "named", "asked", "kind", "title"),
    [
        ("service", "manual:okta", "", "manual", "Okta, by hand"),
        ("service", "", "", "manual", "the identity provider, by hand"),
        ("demo", "", "", "demo", "the simulated IdP"),
        ("demo", "", "manual:entra", "manual", "Microsoft Entra ID, by hand"),
        ("local", "manual:okta", "command:put --at {endpoint}", "command", "the command put"),
        (
            "local",
            "",
            "secretsmanager:sync#token",
            "secretsmanager",
            "AWS Secrets Manager: sync#token",
        ),
        ("local", "ssm:/sso/token", "", "ssm", "AWS Parameter Store: /sso/token"),
    ],
)
def test_a_profile_has_its_idp(
    place: Path, provider: str, named: str, asked: str, kind: str, title: str
) -> None:
    ref = parse_idp(named) if named else None
    profile = Profile(name="lab", provider=provider, data_dir=place, idp=ref)
    idp = wiring.idp_for(profile, asked)
    assert (idp.kind, idp.title) == (kind, title)


def test_an_idp_that_is_not_known_is_reported_with_its_option(place: Path) -> None:
    profile = Profile(name="lab", provider="local", data_dir=place)
    with pytest.raises(UsageError, match=r"^--idp 'manual:okat'"):
        wiring.idp_for(profile, "manual:okat")


def test_the_profile_says_what_proof_is_needed() -> None:
    usual = policy_of(Profile(name="a", provider="local", data_dir=Path()), ManualIdp("okta"))
    assert (usual.level, usual.silence, usual.suspend) == (Level.E4, True, False)
    asked = Profile(
        name="a",
        provider="local",
        data_dir=Path(),
        proof="E2",
        proof_silence=False,
        idp_cycle=timedelta(minutes=5),
        suspend_old=True,
    )
    found = policy_of(asked, ManualIdp("okta"))
    assert (found.level, found.silence, found.suspend) == (Level.E2, False, True)
    assert found.cycle == found.least == timedelta(minutes=5)
