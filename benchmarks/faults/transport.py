"""A line to the service on which requests are lost, doubled, late, or answered wrongly."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import httpx

from benchmarks.faults.points import Points

DOWN_FOR = 3
"""Requests that find nobody after the service was killed."""
LATE_BY = 4
"""Requests that go before a late one."""

Carry = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Fault(StrEnum):
    """What happens to one request."""

    REQUEST_LOST = "request lost"
    ANSWER_LOST = "answer lost"
    DOUBLED = "doubled, first answer"
    DOUBLED_SECOND = "doubled, second answer"
    LATE = "carried out late"
    ERROR_AFTER = "500 after it was carried out"
    SERVICE_KILLED_BEFORE = "service killed before"
    SERVICE_KILLED_AFTER = "service killed after"


@dataclass
class FaultyLine(httpx.AsyncBaseTransport):
    """Carries requests, and does to the n-th what is planned for it."""

    carry: Carry
    points: Points
    plan: Mapping[int, Fault]
    kill_service: Callable[[], None]
    start_service: Callable[[], None]
    judge: Callable[[], None]
    """Called after each request that was carried out."""
    sent: int = 0
    happened: int = 0
    _down: int = 0
    _late: list[tuple[int, httpx.Request]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number = self.sent
        self.sent += 1
        await self._deliver_late(number)
        self.points.here()
        answer = await self._with(self.plan.get(number), number, request)
        self.points.here()
        return answer

    async def finish(self) -> None:
        """What is still under way arrives, and the service stands."""
        if self._down:
            self._down = 0
            self.start_service()
        await self._deliver_late(self.sent + LATE_BY + 1)

    async def _with(
        self, fault: Fault | None, number: int, request: httpx.Request
    ) -> httpx.Response:
        self._pass_a_request_while_down(request)
        self.happened += fault is not None
        match fault:
            case Fault.REQUEST_LOST:
                raise httpx.ReadError("lost", request=request)
            case Fault.LATE:
                self._late.append((number + LATE_BY, request))
                raise httpx.ReadTimeout("late", request=request)
            case Fault.SERVICE_KILLED_BEFORE:
                self._kill(request)
        answer = await self._carried(request)
        match fault:
            case Fault.ANSWER_LOST:
                raise httpx.ReadError("lost", request=request)
            case Fault.DOUBLED:
                await self._carried(request)
            case Fault.DOUBLED_SECOND:
                answer = await self._carried(request)
            case Fault.ERROR_AFTER:
                answer = httpx.Response(500, request=request)
            case Fault.SERVICE_KILLED_AFTER:
                self._kill(request)
        return answer

    async def _carried(self, request: httpx.Request) -> httpx.Response:
        answer = await self.carry(request)
        await answer.aread()
        self.judge()
        return answer

    def _kill(self, request: httpx.Request) -> None:
        self._down = DOWN_FOR
        self.kill_service()
        raise httpx.ReadError("the service died", request=request)

    def _pass_a_request_while_down(self, request: httpx.Request) -> None:
        if not self._down:
            return
        self._down -= 1
        if self._down == 0:
            self.start_service()
        raise httpx.ConnectError("nobody listens", request=request)

    async def _deliver_late(self, number: int) -> None:
        due = [request for at, request in self._late if at <= number]
        self._late = [(at, request) for at, request in self._late if at > number]
        for request in due:
            if not self._down:
                await self._carried(request)
