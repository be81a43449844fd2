"""What goes wrong on the way: processes that die, answers that are lost, servers that lie."""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import TypeVar

from pydantic import SecretStr

from scim_tui.core.rotation.journal import Journal
from scim_tui.model.activity import Probe
from scim_tui.model.errors import Conflict, OutcomeUnknown, Refused, ScimTuiError, Unreachable
from scim_tui.model.provisioning import AccessToken, NewToken
from scim_tui.model.rotation.rotation import Rotation
from tests.fakes.memory import MemoryProvider

T = TypeVar("T")


class Killed(BaseException):
    """SIGKILL: nothing that runs after it is ours."""


class Fault(StrEnum):
    """What happens to one effect."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    NOT_SENT = "not sent"
    LOST_REQUEST = "lost request"
    LOST_ANSWER = "lost answer"
    DOUBLED = "doubled"
    DOUBLED_SECOND = "doubled, second answer"
    LATE = "carried out late"
    ERROR_AFTER = "500 after it was carried out"
    LIE_AFTER = "409 after it was carried out"
    STALE = "answered as it was before"


KILLS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)


class FaultyProvider(MemoryProvider):
    """A directory that does to its calls what is planned for them."""

    def __init__(self, **facts: object) -> None:
        super().__init__(**facts)  # type: ignore[arg-type]
        self.planned: list[tuple[str, Fault]] = []
        """Operation and what happens to its next call, in any order."""
        self.late: list[Callable[[], Awaitable[object]]] = []
        """What was sent and arrives later."""
        self.before: list[AccessToken] = []
        """The tokens before the newest change."""
        self.deletions: list[str] = []
        self.on_delete: Callable[[str], None] = lambda token_id: None
        """Asked before a token really goes."""

    async def create_token(self) -> NewToken:
        async def really() -> NewToken:
            before = list(self.access_tokens)
            made = await MemoryProvider.create_token(self)
            self.before = before
            return made

        return await self._through("create_token", really)

    async def delete_token(self, token_id: str) -> None:
        async def really() -> None:
            if any(token.id == token_id for token in self.access_tokens):
                self.on_delete(token_id)
                self.deletions.append(token_id)
                self.before = list(self.access_tokens)
            await MemoryProvider.delete_token(self, token_id)

        await self._through("delete_token", really)

    async def suspend_token(self, token_id: str) -> AccessToken:
        async def really() -> AccessToken:
            self.before = list(self.access_tokens)
            return await MemoryProvider.suspend_token(self, token_id)

        return await self._through("suspend_token", really)

    async def reinstate_token(self, token_id: str) -> AccessToken:
        async def really() -> AccessToken:
            self.before = list(self.access_tokens)
            return await MemoryProvider.reinstate_token(self, token_id)

        return await self._through("reinstate_token", really)

    async def tokens(self) -> list[AccessToken]:
        if ("tokens", Fault.STALE) in self.planned:
            self.planned.remove(("tokens", Fault.STALE))
            return self.before or list(self.access_tokens)
        return await self._through("tokens", super().tokens)

    async def probe_with(self, secret: SecretStr, nonce: str) -> Probe:
        async def really() -> Probe:
            return await MemoryProvider.probe_with(self, secret, nonce)

        try:
            return await self._through("probe_with", really)
        except ScimTuiError as error:
            return Probe(at=self.clock(), ok=False, message=error.message)

    async def arrive(self) -> None:
        """What was on its way gets there now."""
        for call in self.late:
            try:
                await call()
            except ScimTuiError:
                continue
        self.late = []

    async def _through(self, operation: str, call: Callable[[], Awaitable[T]]) -> T:
        fault = self._planned(operation)
        match fault:
            case Fault.KILLED_BEFORE:
                raise Killed
            case Fault.NOT_SENT:
                raise Unreachable("Nobody answers.")
            case Fault.LOST_REQUEST:
                raise OutcomeUnknown("No answer came.")
            case Fault.LATE:
                self.late.append(call)
                raise OutcomeUnknown("No answer came.")
        answer = await call()
        if fault in (Fault.DOUBLED, Fault.DOUBLED_SECOND):
            return await self._again(call, answer, second=fault is Fault.DOUBLED_SECOND)
        if fault is not None:
            raise _after(fault)
        return answer

    async def _again(self, call: Callable[[], Awaitable[T]], first: T, *, second: bool) -> T:
        try:
            answer = await call()
        except ScimTuiError:
            if second:
                raise
            return first
        return answer if second else first

    def _planned(self, operation: str) -> Fault | None:
        for place, (wanted, fault) in enumerate(self.planned):
            if wanted == operation:
                del self.planned[place]
                return fault
        return None


def _after(fault: Fault) -> BaseException:
    """What is seen of a call that was carried out."""
    match fault:
        case Fault.KILLED_AFTER:
            return Killed()
        case Fault.ERROR_AFTER:
            return Refused("The service failed.", status=500)
        case Fault.LIE_AFTER:
            return Conflict("Two access tokens exist.", status=409)
        case _:
            return OutcomeUnknown("No answer came.")


class FaultyJournal(Journal):
    """A journal whose process may be killed before or after it writes."""

    kill_in: int | None = None
    """How many half-writes from now: even is before a write, odd after it."""

    def save(self, rotation: Rotation) -> None:
        self._count()
        super().save(rotation)
        self._count()

    def _count(self) -> None:
        if self.kill_in is None:
            return
        if self.kill_in == 0:
            self.kill_in = None
            raise Killed
        self.kill_in -= 1
