"""q, p and Ctrl-C: what would end with the session is said, and asked about, before it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.workspace import Workspace, assemble
from scim_tui.demo.connection import AGENT as DEMO
from scim_tui.model.activity import Event
from scim_tui.model.errors import Unreachable
from scim_tui.scim.transport import AGENT as OURS
from scim_tui.tui.app import ScimApp
from scim_tui.tui.session.session import Session
from scim_tui.tui.shell import messages as shell_messages
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.patience import DEADLINE
from tests.tui.rotation.rotation_stage import Lab, rotating, to_watching
from tests.tui.stage import Stage, slow_hands, staged

OKTA = "Okta SCIM Client 1.0.0"


def request(number: int, client: str, minutes: float = 0, status: int = 200) -> Event:
    return Event(
        id=number,
        at=START - timedelta(minutes=minutes),
        operation="PatchUser",
        status=status,
        client=client,
    )


@asynccontextmanager
async def served(folder: Path, *events: Event, serves: bool = True) -> AsyncIterator[Stage]:
    """The app over a service of its own that has answered these requests."""
    provider = MemoryProvider(events=list(events))
    profile = Profile(name="lab", provider="local", data_dir=folder)

    def opened(each: Profile) -> Session:
        async def opener() -> Workspace:
            trail = AuditTrail(
                each.data_dir / "audit.jsonl",
                actor="ana@host",
                profile=each.name,
                via="tui",
                clock=provider.clock,
            )
            space = assemble(each, provider, trail, clock=provider.clock)
            space.serves = serves
            return space

        return Session(each.name, opener)

    other = Profile(name="other", provider="local", data_dir=folder / "other")
    session = opened(profile)
    app = ScimApp(session, clock=provider.clock, switch=opened, profiles=[profile, other])
    with slow_hands():
        async with app.run_test(size=(80, 24)) as pilot:
            stage = Stage(app, pilot, provider)
            await stage.until(lambda: session.snapshot is not None, ["a snapshot"])
            await pilot.pause()
            yield stage


async def left(stage: Stage, code: int = 0) -> None:
    await stage.until(lambda: stage.app.return_value == code, [f"exit {code}"])


async def test_a_service_that_an_idp_uses_is_not_ended_unasked(tmp_path: Path) -> None:
    demo = [request(number, DEMO) for number in range(3, 60)]
    async with served(tmp_path, request(1, OKTA, 4), *demo) as stage:
        await stage.press("q")
        await stage.sees(
            "Leave scim-tui?", shell_messages.ENDS_WITH_IT, OKTA, "4m ago", "y yes, leave"
        )
        await stage.press("q")
        await stage.sees("[1 Status]")
        await stage.press("q")
        await stage.sees("Leave scim-tui?")
        await stage.press("enter", "escape", "2")
        await stage.sees("[2 Tokens]")
        assert stage.app.return_value is None
        await stage.press("q")
        await stage.sees("Leave scim-tui?")
        await stage.press("y")
        await left(stage)


@pytest.mark.parametrize(
    ("event", "serves"),
    [
        (request(1, OKTA, 5.1), True),
        (request(1, DEMO), True),
        (request(1, f"{OURS} (rotation; nonce 1)"), True),
        (request(1, OKTA, status=401), True),
        (request(1, OKTA), False),
    ],
)
async def test_what_does_not_end_is_not_asked_about(
    tmp_path: Path, event: Event, serves: bool
) -> None:
    async with served(tmp_path, event, serves=serves) as stage:
        await stage.press("q")
        await left(stage)


async def test_a_service_that_gives_no_answer_is_judged_by_the_last_look(tmp_path: Path) -> None:
    async with served(tmp_path, request(1, OKTA, 1)) as stage:
        stage.app.session.paused = True
        stage.provider.fail_next(Unreachable("No answer."), "events")
        await stage.press("q")
        await stage.sees("Leave scim-tui?", OKTA)


async def test_another_profile_is_not_opened_unasked_either(tmp_path: Path) -> None:
    async with served(tmp_path, request(1, OKTA)) as stage:
        await stage.press("p")
        await stage.sees("Switch profile")
        await stage.press("j", "enter")
        await stage.sees("Leave lab for other?", OKTA)
        await stage.press("n")
        await stage.sees("[1 Status]")
        assert stage.app.session.name == "lab"
        await stage.press("p")
        await stage.sees("Switch profile")
        await stage.press("j", "enter")
        await stage.sees("Leave lab for other?")
        await stage.press("y")
        await stage.until(lambda: stage.app.session.name == "other", ["the other profile"])


async def test_ctrl_c_says_what_ends_and_leaves_at_the_second_time(tmp_path: Path) -> None:
    async with served(tmp_path, request(1, OKTA)) as stage:
        await stage.press("ctrl+c")
        await stage.sees("Ctrl-C again leaves, and ends the service that", "uses.")
        await stage.press("ctrl+c")
        await left(stage, 130)


async def test_a_secret_in_memory_is_not_lost_unasked(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await stage.press("R")
        await stage.sees("ROTATE 2/8")
        await stage.press("enter")
        await stage.sees("ROTATE 3/8", "accepted: E1")
        new = lab.provider.access_tokens[-1].id
        await stage.press("escape")
        await stage.sees("The new secret is still in memory")
        await stage.press("q")
        await stage.sees(
            f"The secret of {new} is in memory only and is lost", "waits at step 3 Deliver"
        )
        await stage.press("n", "ctrl+c")
        await stage.sees(f"and ends the secret of {new},", "the watch of rot-0001.")
        assert stage.app.return_value is None


async def test_a_step_that_waits_is_not_left_unasked(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    await lab.begin()
    async with rotating(lab) as stage:
        await to_watching(stage, lab, tmp_path / "new.secret")
        await stage.press("b")
        await stage.sees("[1 Status]")
        await stage.press("q")
        await stage.sees("rot-0001 waits at step 5 Watch", "tokens rotate --resume")
        await stage.press("y")
        await left(stage)
    async with rotating(lab) as stage:
        await stage.sees("rot-0001 at step 5 Watch")
        await stage.press("q")
        await left(stage)


async def test_the_connection_closes_in_peace(tmp_path: Path) -> None:
    closed: list[str] = []
    awaited = asyncio.Event()

    async def close() -> None:
        async with asyncio.timeout(DEADLINE):
            await awaited.wait()
        closed.append("the service")

    async with staged(tmp_path) as stage:
        session = stage.app.session
        session.opened().closers.append(close)
        ended = session.ended

        async def waits() -> None:
            awaited.set()
            await ended()

        session.ended = waits  # type: ignore[method-assign]
    assert closed == ["the service"]
