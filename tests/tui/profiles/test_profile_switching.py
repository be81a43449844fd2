"""Several profiles one after another in one app: nothing of one is seen or done in another."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from scim_tui.config.profiles import Profile, is_first_start
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.last_look import FILE, LastLook, keep, recall
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.model.errors import Unreachable
from scim_tui.scim import transport
from scim_tui.tui.app import ScimApp
from scim_tui.tui.drawing.identity import identity_line
from scim_tui.tui.profiles import messages as profiles_messages
from scim_tui.tui.session.opening import session_for
from scim_tui.tui.session.session import Session
from scim_tui.tui.shell import messages as shell_messages
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.tui.stage import Stage, no_faults, slow_hands


class World:
    """Profiles with a directory each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.providers: dict[str, list[MemoryProvider]] = {}
        self.sessions: list[Session] = []
        self.profiles = [
            self._profile("lab"),
            self._profile("stage", environment="stg"),
            self._profile("prod", production=True, read_only=True, environment="PROD"),
        ]

    def _profile(self, name: str, **more: bool | str) -> Profile:
        return Profile(name=name, provider="local", data_dir=self.folder / name, **more)  # type: ignore[arg-type]

    def open(self, profile: Profile) -> Session:
        async def opener() -> Workspace:
            users = {"lab": 30, "stage": 3, "prod": 7}[profile.name]
            provider = MemoryProvider.sample(users=users, groups=2)
            provider.title = f"server of {profile.name}"
            self.providers.setdefault(profile.name, []).append(provider)
            trail = AuditTrail(
                profile.data_dir / "audit.jsonl",
                actor="ana@host",
                profile=profile.name,
                via="tui",
                clock=provider.clock,
            )
            return assemble(profile, provider, trail, clock=provider.clock)

        label = "PROD" if profile.production else profile.environment
        session = Session(
            profile.name, opener, read_only=profile.read_only, label=label, folder=profile.data_dir
        )
        self.sessions.append(session)
        return session

    def audited(self, name: str) -> list[str]:
        file = self.folder / name / "audit.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(each)["action"] for each in lines]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Stage, World]]:
    world = World(folder)
    session = world.open(world.profiles[0])
    app = ScimApp(
        session, switch=world.open, profiles=world.profiles, clock=MemoryProvider.sample().clock
    )
    with slow_hands():
        async with app.run_test(size=(80, 24)) as pilot:
            stage = Stage(app, pilot, MemoryProvider.sample())
            await stage.sees("server of lab", "Provisioning  ENABLED")
            yield stage, world
    no_faults(app)


async def switch(stage: Stage, *moves: str, to: str) -> None:
    await stage.press("p")
    await stage.sees("Switch profile   3 known")
    await stage.press(*moves)
    await stage.sees(f"server of {to}", "Provisioning  ENABLED")


async def test_nothing_of_the_old_profile_is_left(tmp_path: Path) -> None:
    async with running(tmp_path) as (stage, world):
        await stage.press("4")
        await stage.sees("Users 30")
        await stage.press("space", "slash", *"zzz", "enter")
        await stage.press("5", "2", "R")
        await stage.pilot.pause()
        old = [*stage.app._pages.values()]
        await stage.press("4")
        await switch(stage, "j", "enter", to="stage")
        (left,) = world.providers["lab"]
        await stage.until(lambda: left.closed, ["the old connection is closed"])
        await stage.until(lambda: not any(page.is_running for page in old), ["the old screens end"])
        assert world.sessions[0].workspace is None
        assert not [w for w in stage.app.workers if w.node in old and not w.is_finished]
        asked = len(left.calls)
        shown = await stage.sees("[1 Status]", " stage [stg]")
        assert "lab" not in shown
        await stage.press("4")
        shown = await stage.sees("Users 3]")
        assert ("zzz" in shown, "marked" in shown, "Users 30" in shown) == (False,) * 3
        await stage.press("1", "r")
        assert len(left.calls) == asked


async def test_acts_are_written_down_where_they_were_done_and_each_is_opened_anew(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as (stage, world):
        await stage.press("2", "D")
        await stage.sees("DELETE access token")
        await stage.press(*"DELETE", "enter")
        await stage.sees("is deleted")
        before = world.audited("lab")
        await switch(stage, "j", "enter", to="stage")
        await stage.press("2", "D")
        await stage.sees("DELETE access token")
        await stage.press(*"DELETE", "enter")
        await stage.sees("is deleted")
        assert world.audited("lab") == before == ["token.delete", "token.delete"]
        assert world.audited("stage") == before
        await switch(stage, "k", "enter", to="lab")
        await switch(stage, "j", "o", to="stage")
        await stage.sees("stage [stg] [RO]")
        old = [*world.providers["lab"], world.providers["stage"][0]]
        await stage.until(lambda: all(each.closed for each in old), ["all others are closed"])
        assert [w.group for w in stage.app.workers if w.group == "live"] == ["live"]
        assert (len(world.providers["lab"]), world.providers["stage"][1].closed) == (2, False)


async def test_production_is_marked_and_changes_nothing_before_it_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path) as (stage, world):
        await switch(stage, "j", "j", "enter", to="prod")
        shown = await stage.sees(" prod [PROD] [RO]")
        spans = {span.text.strip(): span.role for span in identity_line(stage.app.session)}
        assert spans["[PROD]"] == "bad"
        (provider,) = world.providers["prod"]
        await stage.press("2", "C")
        await stage.sees("is off: This profile is open read-only. W asks to allow changes.")
        await stage.press("W")
        await stage.sees("ALLOW CHANGES in prod", "This is production", "--read-write")
        await stage.press("enter", "escape")
        shown = await stage.sees("TOKENS")
        assert ("[RO]" in shown, world.audited("prod")) == (True, [])
        await stage.press("W")
        await stage.sees("ALLOW CHANGES")
        await stage.press(*"WRITE", "enter")
        shown = await stage.sees("Changes are allowed until this profile is left")
        assert ("[RO]" in shown, world.audited("prod")) == (False, ["connection.allow_changes"])
        await stage.press("D")
        await stage.sees("DELETE access token")
        await stage.press("escape", "W")
        await stage.sees(shell_messages.CHANGES_FORBIDDEN, "[RO]")
        assert world.audited("prod")[-1] == "connection.forbid_changes"
        assert "delete_token" not in provider.calls
        await stage.press("W")
        await stage.press(*"WRITE", "enter")
        await stage.sees("Changes are allowed")
        await switch(stage, "k", "enter", to="stage")
        await switch(stage, "j", "enter", to="prod")
        await stage.sees("[RO]")


async def test_a_profile_is_not_left_while_a_change_has_no_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as (stage, world):
        (provider,) = world.providers["lab"]
        await stage.press("2", "D")
        await stage.sees("DELETE access token")
        await stage.press(*"DELETE")
        provider.delay = asyncio.Event()
        await stage.press("enter")
        await stage.until(lambda: provider.calls[-1] == "delete_token", ["the call"])
        await stage.press("p")
        await stage.sees("A change is being made here")
        provider.delay.set()
        provider.delay = None
        await stage.sees("is deleted")
        await switch(stage, "j", "enter", to="stage")


async def test_the_first_start_offers_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path)
    app = ScimApp(
        world.open(world.profiles[0]),
        switch=world.open,
        profiles=world.profiles,
        clock=MemoryProvider.sample().clock,
        first=True,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        stage = Stage(app, pilot, MemoryProvider.sample())
        await stage.sees(profiles_messages.WELCOME, "scim-tui demo")
        await stage.press("enter")
        await stage.sees(profiles_messages.ADD_TITLE)
        await stage.press("escape")
        await stage.sees("Welcome.")
        assert world.providers == {}
        await stage.press("escape")
        await stage.sees("server of lab", "Provisioning  ENABLED")


@pytest.mark.parametrize(
    ("made", "named", "first"),
    [("", "", True), ("config", "", False), ("data", "", False), ("", "ENDPOINT", False)],
)
def test_what_a_first_start_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str, named: str, first: bool
) -> None:
    for name in ("CONFIG", "DATA_DIR", "PROFILE", "ENDPOINT"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    for kind in ("config", "data"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(tmp_path / kind))
    if made:
        (tmp_path / made / "scim-tui").mkdir(parents=True)
        (tmp_path / made / "scim-tui" / "config.toml").touch()
    if named:
        monkeypatch.setenv(f"SCIM_TUI_{named}", "https://x.example/scim")
    assert is_first_start() is first


async def test_real_connections_are_closed_with_their_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[httpx.AsyncClient] = []
    real = transport.open_http

    def opened(*args: Any, **more: Any) -> httpx.AsyncClient:  # noqa: ANN401 - handed through
        made.append(real(*args, **more))
        return made[-1]

    monkeypatch.setattr(transport, "open_http", opened)
    monkeypatch.setenv("TOKEN_OF_A", "hush")
    profile = Profile(
        name="a",
        provider="scim",
        data_dir=tmp_path / "a",
        endpoint="http://127.0.0.1:9/scim/v2",
        token=SecretSource(SecretPlace.ENV, "TOKEN_OF_A"),
    )
    session = session_for(profile, read_only=False)
    failed = asyncio.Event()
    session.listen(lambda: failed.set() if session.trouble else None)
    looking = asyncio.create_task(session.run(MemoryProvider.sample().clock))
    await failed.wait()
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert session.workspace is None
    assert [client.is_closed for client in made] == [True]


async def test_the_list_shows_what_the_last_look_found(tmp_path: Path) -> None:
    async with running(tmp_path) as (stage, world):
        await switch(stage, "j", "enter", to="stage")
        await stage.until(lambda: recall(tmp_path / "lab") is not None, ["a look at lab is kept"])
        await stage.press("p")
        shown = await stage.sees("TOKEN", "IDP LAST", "STATE", "[30] 24d", "[!!] now", "not yet")
        assert "[no-exp]" not in shown
        await stage.press("k")
        await stage.sees("Refused objects")
        keep(tmp_path / "stage", LastLook(at=START, mark="[ok]", token_ends=START))
        await stage.press("escape", "p", "a")
        await stage.until(lambda: stage.table().source.key(0) == "stage", ["stage ends first"])
        await stage.press("a")
        await stage.until(lambda: stage.table().source.key(0) == "lab", ["the order of the file"])
        (provider,) = world.providers["stage"]
        await stage.press("escape")
        provider.down = Unreachable("No answer from there.")
        await stage.press("r")
        await stage.sees("STALE since")
        kept = recall(tmp_path / "stage")
        assert kept is not None
        assert (kept.mark, kept.words) == ("[!!]", "No answer from there.")
        assert isinstance(kept.token_ends, datetime), "what was known of the token is still true"


def test_a_look_that_cannot_be_read_or_kept_is_none(tmp_path: Path) -> None:
    look = LastLook(at=START, mark="[ok]")
    keep(tmp_path, look)
    assert recall(tmp_path) == look
    (tmp_path / FILE).write_text("{")
    assert recall(tmp_path) is None
    keep(tmp_path / "nowhere", look)
    assert recall(tmp_path / "nowhere") is None


def test_a_look_is_kept_when_it_says_something_else() -> None:
    look = LastLook(at=START, mark="[ok]")
    later = look.model_copy(update={"at": START + timedelta(hours=1), "idp_at": START})
    assert later.says_as(look)
    assert not later.says_as(None)
    assert not later.model_copy(update={"mark": "[!!]"}).says_as(look)
