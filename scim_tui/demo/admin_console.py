"""The admin console of the simulated IdP: requests and answers as small files in its folder.

A request file is deleted when it is read, as the token file is, and answered in a file with the
same number in its name. Only the token file contains a secret.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from scim_tui.config.paths import write_atomic
from scim_tui.demo.connection import IdpConnection, Sleep
from scim_tui.idps.port import EventOutcome, IdpEvent, SyncState
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.json_object import JsonObject
from scim_tui.model.unknown_values import NEVER, Moment

EVERY = 0.1
"""Seconds between two searches for request files."""
ACT_SECONDS = 10.0
QUESTION, ANSWER = "idp-asked-", "idp-answer-"


class AdminConsole:
    """Answers requests to one simulated IdP; `act` makes it send a change."""

    def __init__(
        self,
        folder: Path,
        line: IdpConnection,
        act: Callable[[], Awaitable[None]],
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._folder, self._line, self._act, self._sleep = folder, line, act, sleep

    async def run(self) -> None:
        """Answer until cancelled."""
        while True:
            await self.look()
            await self._sleep(EVERY)

    async def look(self) -> None:
        """Use a new secret if there is one, and answer all requests."""
        self._line.renew()
        for path in sorted(self._folder.glob(f"{QUESTION}*.json")):
            number = path.stem.removeprefix(QUESTION)
            asked = _take(path)
            answer = await self._answer(str(asked.get("what")), str(asked.get("since", "")))
            write_atomic(self._folder / f"{ANSWER}{number}.json", json.dumps(answer))

    async def _answer(self, what: str, since: str) -> JsonObject:
        match what:
            case "test":
                return _plain(asdict(await self._line.test()))
            case "trigger":
                return await self._triggered()
            case "status":
                return self._status(since)
        return {}

    async def _triggered(self) -> JsonObject:
        """Send a change now; the log has its outcome."""
        before = self._line.carried
        try:
            async with asyncio.timeout(ACT_SECONDS):
                await self._act()
        except TimeoutError:
            return {"message": "The endpoint does not take it; it is tried again and again."}
        except ScimTuiError as error:
            return {"message": f"Nothing was sent: {error.message}"}
        fresh = list(self._line.log)[before - self._line.carried :]
        written = [event for event in fresh if event.outcome is EventOutcome.OK]
        if self._line.carried == before or not written:
            return {"message": "There was nothing to send."}
        return {"message": f"Sent: {written[-1].action}.", "at": written[-1].at.isoformat()}

    def _status(self, since: str) -> JsonObject:
        log = list(self._line.log)
        good = [event.at for event in log if event.outcome is EventOutcome.OK]
        start = datetime.fromisoformat(since) if since else None
        return {
            "state": _state(log),
            "last_attempt": _text(log[-1].at if log else NEVER),
            "last_success": _text(good[-1] if good else NEVER),
            "installed_at": _text(self._line.installed_at),
            "message": log[-1].message if log else "",
            "unusable": self._line.refused_to_take,
            "events": [_plain(asdict(e)) for e in log if start is None or e.at >= start],
        }


def _take(path: Path) -> JsonObject:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    path.unlink(missing_ok=True)
    return found if isinstance(found, dict) else {}


def _state(log: list[IdpEvent]) -> SyncState:
    if not log:
        return SyncState.NEVER
    stuck = log[-1].outcome in {EventOutcome.UNAUTHORIZED, EventOutcome.UNREACHABLE}
    return SyncState.FAILING if stuck else SyncState.RUNNING


def _text(moment: Moment) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else str(moment)


def _plain(values: JsonObject) -> JsonObject:
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in values.items()
    }
