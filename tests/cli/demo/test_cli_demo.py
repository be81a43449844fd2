# ruff: noqa: ASYNC110, ASYNC240 - polling another process, and files that are at hand

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from scim_tui.cli.base.exits import Exit
from scim_tui.cli.demo.folder import EXPORT, prepare, take_over
from scim_tui.cli.demo.plan import Plan
from scim_tui.cli.main import run
from scim_tui.config.profiles import Profile
from scim_tui.demo.idp import TOKEN
from scim_tui.idps.port import IdpVerdict, SyncState
from scim_tui.mapping.base.bounds import OF_GROUPS
from scim_tui.mapping.read.members import members_in
from scim_tui.mapping.read.people import people_in
from scim_tui.model.errors import UsageError
from scim_tui.wiring import idp_for
from tests.patience import DEADLINE

PEOPLE = 60
LONG_AGO = "2020-01-01T00:00:00Z"
Json = dict[str, Any]


class Backend:
    """A demo's service in a process of its own, and a client of its admin side."""

    def __init__(self, process: asyncio.subprocess.Process, ready: Json) -> None:
        self.process, self.ready = process, ready
        self.http = httpx.AsyncClient(
            base_url=ready["admin_endpoint"],
            headers={"Authorization": f"Bearer {ready['admin_key']}"},
            trust_env=False,
        )

    async def get(self, path: str) -> Json:
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def until(self, path: str, seen: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(DEADLINE):
            while not seen(found := await self.get(path)):
                await asyncio.sleep(0.05)
        return found

    async def close(self) -> int:
        await self.http.aclose()
        assert self.process.stdin is not None
        self.process.stdin.close()
        async with asyncio.timeout(DEADLINE):
            return await self.process.wait()


@asynccontextmanager
async def backend(folder: Path) -> AsyncIterator[Backend]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scim_tui",
        "demo",
        "--backend",
        "--data",
        str(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE):
        line = await process.stdout.readline()
    found = Backend(process, json.loads(line))
    try:
        yield found
    finally:
        await found.http.aclose()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prepare(tmp_path / "demo", Plan(seed=1, people=PEOPLE))
    return tmp_path / "demo"


def pushed(summary: Json) -> bool:
    return bool(summary["users"] >= PEOPLE + 2 and summary["groups"] == 120)


async def test_a_demo_is_pushed_to_and_leaves_nothing_behind(folder: Path) -> None:
    async with backend(folder) as demo:
        assert set(demo.ready) >= {
            "scim_endpoint",
            "admin_endpoint",
            "tenant_id",
            "admin_key",
            "pid",
            "idp_token_file",
            "people_file",
            "groups_file",
        }
        await demo.until("/directory", pushed)
        reasons = await demo.until(
            "/traffic?since=2020-01-01T00:00:00Z", lambda traffic: traffic["refused"] >= 5
        )
        assert {reason["constraint"] for reason in reasons["reasons"]} == {
            "emails.single",
            "text.empty",
            "emails.unique",
            "userName.pattern",
        }
        (token,) = (await demo.get("/tokens"))["tokens"]
        left = datetime.fromisoformat(token["expires_at"]) - datetime.now(UTC)
        assert left.days == 27
        assert token["last_client"] == "Simulated-IdP/1.0 (scim-tui demo)"
        export = Path(demo.ready["people_file"])
        assert len(list(people_in(export.read_bytes(), export.name))) == PEOPLE
        groups = Path(demo.ready["groups_file"])
        first = next(iter(people_in(groups.read_bytes(), groups.name, OF_GROUPS)))
        assert members_in(first.source)
        assert await demo.close() == 0
    assert not folder.exists()


async def test_a_new_secret_in_the_file_of_the_idp_ends_the_401s(folder: Path) -> None:
    async with backend(folder) as demo:
        await demo.until("/directory", pushed)
        (old,) = (await demo.get("/tokens"))["tokens"]
        new = (await demo.http.post("/tokens")).json()
        await demo.http.delete(f"/tokens/{old['id']}")
        await demo.until("/traffic?since=2020-01-01T00:00:00Z", lambda t: t["unauthorized"] > 0)
        Path(demo.ready["idp_token_file"]).write_text(new["secret"])
        await demo.until(
            "/tokens",
            lambda found: (
                isinstance(found["tokens"][0]["requests"], int)
                and found["tokens"][0]["requests"] > 0
            ),
        )


async def test_the_idp_of_a_demo_takes_a_secret_and_tests_it(folder: Path) -> None:
    async with backend(folder) as demo:
        idp = idp_for(Profile(name="demo", provider="demo", data_dir=folder))
        await demo.until("/directory", pushed)
        new = (await demo.http.post("/tokens")).json()
        await idp.install(demo.ready["scim_endpoint"], SecretStr(new["secret"]))
        assert (await idp.test()).verdict is IdpVerdict.OK
        assert (await idp.trigger()).message == "Sent: change Users."
        used = await demo.until("/tokens", lambda found: found["tokens"][1]["requests"] >= 2)
        assert used["tokens"][1]["id"] == new["token"]["id"]
        assert (await idp.status()).state is SyncState.RUNNING


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
async def test_a_demo_whose_service_ended_goes_on_with_its_data(
    folder: Path, sign: signal.Signals
) -> None:
    async with backend(folder) as demo:
        await demo.until("/directory", pushed)
        first = demo.ready["scim_endpoint"]
        (token,) = (await demo.get("/tokens"))["tokens"]
        seen = await demo.until(f"/traffic?since={LONG_AGO}", lambda found: found["refused"] >= 5)
        before = await demo.get("/directory")
        demo.process.send_signal(sign)
        await demo.process.wait()
    async with backend(folder) as demo:
        assert demo.ready["scim_endpoint"] == first
        assert [each["id"] for each in (await demo.get("/tokens"))["tokens"]] == [token["id"]]
        assert (await demo.get("/directory"))["users"] >= before["users"]
        more = await demo.until(
            f"/traffic?since={LONG_AGO}",
            lambda found: found["accepted"] + found["refused"] > seen["accepted"] + seen["refused"],
        )
        assert more["unauthorized"] == 0
        assert more["accepted"] - seen["accepted"] < PEOPLE, "nobody is pushed again"
        assert await demo.close() == 0
    assert not folder.exists()


async def test_a_demo_killed_early_pushes_only_who_is_missing(folder: Path) -> None:
    async with backend(folder) as demo:
        await demo.until("/directory", lambda summary: summary["users"] > 5)
        demo.process.kill()
        await demo.process.wait()
    async with backend(folder) as demo:
        await demo.until("/directory", pushed)
        seen = await demo.get(f"/traffic?since={LONG_AGO}")
        codes = {reason["constraint"] for reason in seen["reasons"]}
        assert not codes & {"userName.unique", "group.displayName.unique", "externalId.unique"}


def test_a_folder_of_another_program_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "service.sqlite3").write_text("precious")
    assert run(["demo", "--backend", "--data", str(tmp_path)]) == Exit.USAGE
    assert "not one of a demo" in capsys.readouterr().err
    assert (tmp_path / "service.sqlite3").read_text() == "precious"
    assert run(["demo", "--backend"]) == Exit.USAGE


def test_a_folder_is_emptied_for_a_new_start(folder: Path) -> None:
    for name in ("service.sqlite3", "service.sqlite3-wal", TOKEN, EXPORT):
        (folder / name).write_text("old")
    (folder / "audit.jsonl").write_text("kept")
    assert take_over(folder) == Plan(seed=1, people=PEOPLE)
    assert {path.name for path in folder.iterdir()} == {"demo.json", "audit.jsonl"}
    (folder / "demo.json").write_text("[")
    with pytest.raises(UsageError, match="cannot be read"):
        take_over(folder)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_the_screens_open_on_a_folder_that_is_gone_afterwards() -> None:
    opened: list[Profile] = []

    def screens(
        profile: Profile, *, read_only: bool, lean: bool, profiles: Sequence[Profile]
    ) -> int:
        opened.append(profile)
        assert json.loads((profile.data_dir / "demo.json").read_text()) == {
            "seed": 3,
            "people": 50,
        }
        assert os.stat(profile.data_dir).st_mode & 0o077 == 0
        return 7

    assert run(["demo", "--seed", "3", "--people", "50"], screens) == 7
    (profile,) = opened
    assert (profile.name, profile.provider) == ("demo", "demo")
    assert not profile.data_dir.exists()


def test_without_a_terminal_there_is_no_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == Exit.USAGE
    assert "terminal" in capsys.readouterr().err


@pytest.mark.parametrize("people", ["0", "-1", "many", "1000000"])
def test_the_number_of_people_is_checked(people: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--people", people]) == Exit.USAGE
    assert re.search("not a number from 1 to", capsys.readouterr().err)
