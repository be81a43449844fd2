"""The listings of one command: all within its `--deadline`, shown even if rows are missing.

A message on stderr after the rows says what is missing, and the exit code is that of a refusal.
"""

import argparse
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from scim_tui.cli.base.exits import Exit, exit_code
from scim_tui.cli.base.output import complain, say
from scim_tui.cli.base.span import hours
from scim_tui.model.errors import Incomplete, ScimTuiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scim_tui.core.directory.api import LoadState, Progress
    from scim_tui.core.directory.listing import AnyPage
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.directory import Kind

_HOUR = 3600.0


def add_deadline(parser: argparse.ArgumentParser) -> None:
    """Add `--deadline`."""
    parser.add_argument(
        "--deadline",
        metavar="TIME",
        type=_seconds,
        default=None,
        help="stop listing after this time, such as 90s or 10m, and show what came",
    )


def _seconds(text: str) -> float:
    return hours(f"{text}s" if text.isdigit() else text) * _HOUR


class Loading:
    """The listings of a command, one kind after the other."""

    def __init__(self, space: "Workspace", deadline: float | None) -> None:
        import asyncio

        self._directory = space.directory
        now = asyncio.get_running_loop().time()
        self._until = None if deadline is None else now + deadline
        self._missing: list[ScimTuiError] = []

    @property
    def whole(self) -> bool:
        """Whether all rows came."""
        return not self._missing

    def end(self, code: Exit) -> Exit:
        """Print what is missing; return the exit code, which is `code` if nothing is missing."""
        for error in self._missing:
            complain(error)
        return exit_code(self._missing[0]) if self._missing else code

    async def load(self, kind: "Kind", filter: str = "") -> None:
        """List a kind. Raises the error that ended it if there are no rows to show."""
        missing = await self._take(self._directory.load(kind, loading, filter), kind.lower())
        if missing and not self._directory.count(kind):
            raise missing

    async def load_memberships(self) -> None:
        """List the memberships, as far as they are received."""
        await self._take(self._directory.load_memberships(loading), "memberships")

    async def crawl(self, run: "Callable[[Progress], Awaitable[LoadState]]") -> None:
        """Read who has which access. Raises what ended it."""
        await self._take(run(loading), "assignments")

    async def _take(self, listing: "Awaitable[LoadState]", what: str) -> Incomplete | None:
        """Why rows are missing at the end of a listing; None: it is complete."""
        import asyncio

        try:
            async with asyncio.timeout_at(self._until):
                state = await listing
            error = state.error
        except TimeoutError:
            error = _late(what)
        if error is None:
            if state.warning:
                say(state.warning)
            return None
        if not isinstance(error, Incomplete):
            raise error
        self._missing.append(error)
        return error

    async def pages(self, kind: "Kind", filter: str) -> "AsyncIterator[AnyPage]":
        """The rows as they arrive, without the index. Raises `Incomplete` after the last one."""
        import asyncio

        from scim_tui.core.directory.listing import check_whole
        from scim_tui.core.index.passes import Pass
        from scim_tui.core.index.results import twice_words

        got, pages = Pass(0), self._directory.pages(kind, filter)
        while True:
            try:
                async with asyncio.timeout_at(self._until):
                    page = await anext(pages, None)
            except TimeoutError:
                raise _late(kind.lower()) from None
            if page is None:
                break
            got = got.after(page)
            yield page
        check_whole(kind, got, got.loaded)
        if words := twice_words(got.repeated):
            say(words)


def _late(what: str) -> Incomplete:
    return Incomplete(
        f"The listing of {what} was stopped at its deadline: rows are missing, or old.",
        "What was read is kept where the profile keeps its directory: list again to go on there.",
    )


def loading(state: "LoadState") -> None:
    """A listing's progress on a terminal, on one line that is wiped at the end."""
    if not sys.stderr.isatty() or not state.loaded:
        return
    if state.phase != "loading":
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
        return
    print(f"\r{_progress(state)}", end="\x1b[K", file=sys.stderr, flush=True)  # noqa: T201


def _progress(state: "LoadState") -> str:
    of = f" of {state.total:,}" if isinstance(state.total, int) else ""
    rate = f", {state.rate:,.0f}/s" if state.rate else ""
    left = f", {state.seconds_left:,.0f} s left" if isinstance(state.seconds_left, float) else ""
    resumed = f", went on at {state.resumed_at:,}" if state.resumed_at else ""
    slowed = ", slowed by the server" if state.slowed else ""
    return f"{state.loaded:,}{of} read{rate}{left}{resumed}{slowed}"
