"""The demo's simulated IdP as an adapter of `idps.port`: all calls go through files.

`token_file` passes it a secret, `admin_console` answers requests.
"""

import asyncio
import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pydantic import SecretStr

from scim_tui.config.paths import write_atomic
from scim_tui.demo.admin_console import ANSWER, EVERY, QUESTION
from scim_tui.idps.port import (
    UNNAMED,
    EventOutcome,
    Fact,
    Guide,
    GuideStep,
    IdpCapabilities,
    IdpEvent,
    IdpTestResult,
    IdpVerdict,
    InstallContext,
    InstallPlan,
    InstallResult,
    SyncState,
    SyncStatus,
    TriggerResult,
    Verified,
    steps_of,
)
from scim_tui.model.capabilities import YES
from scim_tui.model.errors import OutcomeUnknown, Unreachable, UsageError
from scim_tui.model.unknown_values import UNKNOWN, Absent, Moment

TOKEN = "idp-token"  # noqa: S105 - the name of a file
PATIENCE = 15.0
"""Seconds it may take to take a secret or to answer."""

_HERE = "the demo"
_GUIDE = Guide(
    title="the simulated IdP",
    steps=(
        Fact(
            f"Put endpoint and secret into the file {TOKEN} of the demo's folder",
            "src",
            _HERE,
            "secret",
        ),
    ),
    test=Fact("It looks at the endpoint once with what it holds.", "src", _HERE),
    speaks=(Fact("It sends something every few seconds.", "src", _HERE),),
    cycle=timedelta(seconds=6),
)
E = TypeVar("E", EventOutcome, SyncState, IdpVerdict)


class DemoIdp:
    """The simulated IdP of one demo. Calls raise `Unreachable` when the demo has ended."""

    kind = "demo"
    title = "the simulated IdP"
    guide = _GUIDE
    capabilities = IdpCapabilities(install=YES, test=YES, trigger=YES, status=YES, events=YES)

    def __init__(self, folder: Path, *, patience: float | None = None) -> None:
        self._folder = folder
        self._patience = PATIENCE if patience is None else patience

    def steps(self, endpoint: str) -> tuple[GuideStep, ...]:
        """What a person would do."""
        return steps_of(self.guide, endpoint)

    async def plan_install(self, endpoint: str, names: InstallContext = UNNAMED) -> InstallPlan:
        """The file that would be written."""
        there = await asyncio.to_thread(self._folder.is_dir)
        return InstallPlan(
            (f"{self._folder / TOKEN}, which the IdP takes",),
            (),
            "" if there else f"There is no folder {self._folder}: the demo has ended.",
        )

    async def install(
        self, endpoint: str, secret: SecretStr, names: InstallContext = UNNAMED
    ) -> InstallResult:
        """Write the token file and wait until the IdP has read it.

        Raises `Unreachable` when it does not, after deleting the file; `UsageError` when the IdP
        cannot use the content.
        """
        path = self._folder / TOKEN
        fields = {"endpoint": endpoint, "token": secret.get_secret_value()}
        try:
            await asyncio.to_thread(write_atomic, path, json.dumps(fields))
        except OSError as error:
            raise Unreachable(f"{path} cannot be written: {error.strerror}.", _ENDED) from None
        if not await self._until(lambda: not path.exists()) and _take_back(path):
            raise Unreachable("The simulated IdP does not take the secret.", _ENDED)
        return await self._look_after()

    async def test(self) -> IdpTestResult:
        """Its own test of the endpoint."""
        answer = await self._ask("test")
        verdict = _one_of(IdpVerdict, answer.get("verdict"), IdpVerdict.INCONCLUSIVE)
        return IdpTestResult(verdict, str(answer.get("message", "")), _moment(answer.get("at")))

    async def trigger(self) -> TriggerResult:
        """One write, now."""
        answer = await self._ask("trigger")
        return TriggerResult(str(answer.get("message", "")), _moment(answer.get("at")))

    async def status(self) -> SyncStatus:
        """The state of its pushing."""
        answer = await self._ask("status")
        return SyncStatus(
            state=_one_of(SyncState, answer.get("state"), SyncState.UNKNOWN),
            last_attempt=_moment(answer.get("last_attempt")),
            last_success=_moment(answer.get("last_success")),
            installed_at=_moment(answer.get("installed_at")),
            message=str(answer.get("message", "")),
        )

    async def events(self, since: datetime) -> tuple[IdpEvent, ...]:
        """Its log since then."""
        rows = (await self._ask("status", since=since.isoformat())).get("events", [])
        return tuple(
            IdpEvent(
                datetime.fromisoformat(row["at"]),
                str(row["action"]),
                _one_of(EventOutcome, row["outcome"], EventOutcome.REFUSED),
                str(row["message"]),
            )
            for row in rows
        )

    async def aclose(self) -> None:
        """Nothing is open."""

    async def _look_after(self) -> InstallResult:
        try:
            answer = await self._ask("status")
        except Unreachable as error:
            raise OutcomeUnknown("The simulated IdP took the secret and ended.", _ENDED) from error
        if words := answer.get("unusable"):
            raise UsageError(f"The simulated IdP cannot use it: {words}", "Make a new token.")
        return InstallResult(
            verified=Verified.BY_REREAD,
            written=(TOKEN,),
            words="The simulated IdP took the secret.",
        )

    async def _ask(self, what: str, **more: str) -> Mapping[str, Any]:
        number = uuid.uuid4().hex
        question = self._folder / f"{QUESTION}{number}.json"
        answer = self._folder / f"{ANSWER}{number}.json"
        try:
            await asyncio.to_thread(write_atomic, question, json.dumps({"what": what, **more}))
            if not await self._until(answer.exists):
                raise Unreachable("The simulated IdP does not answer.", _ENDED)
            found = json.loads(await asyncio.to_thread(answer.read_bytes))
        except OSError as error:
            raise Unreachable(f"The demo cannot be asked: {error.strerror}.", _ENDED) from None
        finally:
            question.unlink(missing_ok=True)
            answer.unlink(missing_ok=True)
        return found if isinstance(found, dict) else {}

    async def _until(self, condition: Callable[[], bool]) -> bool:
        """Poll until another process makes the condition true; false: it took too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while not condition():  # noqa: ASYNC110
                    await asyncio.sleep(EVERY / 2)
        return condition()


_ENDED = "It lives as long as its demo: scim-tui demo"


def _take_back(path: Path) -> bool:
    """Delete the file; return whether it still existed."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _one_of(kind: type[E], text: object, other: E) -> E:
    return next((each for each in kind if each == text), other)


def _moment(text: object) -> Moment:
    if not isinstance(text, str) or not text:
        return UNKNOWN
    return Absent(text) if text in list(Absent) else datetime.fromisoformat(text)
