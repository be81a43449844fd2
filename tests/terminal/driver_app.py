"""The app as users start it, over a directory in memory; run on a pty by the tests.

Words that arrive on the pipe `--control` change the directory while the app runs.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.tui.app import ScimApp
from scim_tui.tui.run import run_session
from scim_tui.tui.session.session import Session

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile
    from scim_tui.core.workspace import Workspace
    from tests.fakes.memory import MemoryProvider

SECRET = "forced-crash-secret-5f2b"


def main() -> int:
    options = _options()
    play = Play(options)
    session = Session("prod-aws", play.opened, read_only=options.read_only, label="PROD")
    play.session = session
    if options.modules:
        _note_modules(options.modules)
    return run_session(session, lean=options.lean, clock=play.clock, profiles=play.profiles())


def _note_modules(file: Path) -> None:
    """Write down what is loaded when the first screen was just painted."""
    seen = ScimApp.first_paint_done

    def first_paint_done(self: ScimApp) -> None:
        if not file.exists():
            file.write_text("\n".join(sorted(sys.modules)))
        seen(self)

    ScimApp.first_paint_done = first_paint_done  # type: ignore[method-assign]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--control", type=int, default=-1)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--groups", type=int, default=12)
    parser.add_argument("--tokens", type=int, default=1)
    parser.add_argument("--stream", type=int, default=0)
    parser.add_argument("--modules", type=Path)
    parser.add_argument("--people", default="")
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--read-only", action="store_true")
    parser.add_argument("--still", action="store_true", help="no minute passes, so no age grows")
    parser.add_argument("--hostile", action="store_true")
    return parser.parse_args()


START = datetime(2026, 11, 23, 18, 42, 7, tzinfo=UTC)


def _clock() -> Callable[[], datetime]:
    """A clock that starts at the same instant in every run, and goes."""
    started = time.monotonic()
    return lambda: START + timedelta(seconds=time.monotonic() - started)


class Play:
    """What happens to the directory during a test."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.clock = (lambda: START) if options.still else _clock()
        self.session: Session | None = None
        self.provider: MemoryProvider | None = None

    def profiles(self) -> "list[Profile]":
        from scim_tui.config.profiles import Profile

        folder = self.options.folder
        return [
            Profile(name="prod-aws", provider="service", data_dir=folder, environment="PROD"),
            Profile(name="lab", provider="service", data_dir=folder),
        ]

    async def opened(self) -> "Workspace":
        from scim_tui.config.profiles import Profile
        from scim_tui.core.base.audit import AuditTrail
        from scim_tui.core.workspace import assemble
        from tests.fakes.memory import MemoryProvider

        options = self.options
        clock = self.clock
        provider = MemoryProvider.sample(users=options.users, groups=options.groups)
        if options.stream:
            _stream(provider, options.stream)
        provider.title, provider.clock = "AWS IAM Identity Center / eu-west-1", clock
        del provider.access_tokens[options.tokens :]
        if options.hostile:
            from tests.terminal.hostile import poison

            poison(provider)
        self.provider = provider
        profile = Profile(
            name="prod-aws",
            provider="service",
            data_dir=options.folder,
            environment="PROD",
            production=True,
        )
        audit = AuditTrail(
            options.folder / "audit.jsonl",
            actor="jdoe@host",
            profile="prod-aws",
            via="tui",
            clock=clock,
        )
        if options.control >= 0:
            os.set_blocking(options.control, False)
            asyncio.get_running_loop().add_reader(options.control, self._listen)
        space = assemble(profile, provider, audit, read_only=options.read_only, clock=clock)
        space.facts = {"people_file": options.people} if options.people else {}
        return space

    def _listen(self) -> None:
        for word in os.read(self.options.control, 4096).decode().split():
            getattr(self, f"on_{word}")()
        assert self.session is not None
        self.session.look_now()

    def _memory(self) -> "MemoryProvider":
        assert self.provider is not None
        return self.provider

    def on_use(self) -> None:
        """The IdP uses its token once more."""
        tokens = self._memory().access_tokens
        assert isinstance(tokens[0].requests, int)
        tokens[0] = tokens[0].model_copy(update={"requests": tokens[0].requests + 1})

    def on_down(self) -> None:
        """The server is gone."""
        from scim_tui.model.errors import Unreachable

        self._memory().down = Unreachable("The server does not answer.", "Is it running?")

    def on_hostile_error(self) -> None:
        """The server answers with a text chosen by an attacker."""
        from scim_tui.model.errors import Refused
        from tests.terminal.hostile import TEXTS

        self._memory().down = Refused("".join(TEXTS), "".join(reversed(TEXTS)), status=500)

    def on_up(self) -> None:
        """The server is back."""
        self._memory().down = None

    def on_stuck(self) -> None:
        """The event loop never turns again."""
        while True:
            pass

    def on_stuck_in_c(self) -> None:
        """The event loop calls code in C that holds the lock of Python for hours."""
        re.match("(a|a)+$", "a" * 60 + "b")

    def on_crash(self) -> None:
        """A fault nobody foresaw, while a secret is in a local variable."""
        from textual._context import active_app

        active_app.get().run_worker(_crash(SECRET), description="crash")


def _stream(provider: "MemoryProvider", total: int) -> None:
    """Let the provider list this many users without holding any."""
    from scim_tui.model.directory import Page, UserRow

    async def users(filter: str = "", resume: str = "") -> "AsyncIterator[Page[UserRow]]":
        for first in range(0, total, 100):
            rows = [_row(number) for number in range(first, min(first + 100, total))]
            yield Page(rows, None, total)
            await asyncio.sleep(0)

    def _row(number: int) -> UserRow:
        name = f"user{number:05}"
        return UserRow(
            f"9067f2a1c3-{number:08}-4e5c-91b9",
            f"{name}@corp.example.com",
            f"Given {number} Family",
            f"Given {number}",
            "Family",
            f"{name}@corp.example.com",
            f"00u{number:012}",
            True,
            "2026-01-01T00:00:00Z",
            "2026-02-01T00:00:00Z",
        )

    provider.users = users  # type: ignore[method-assign]


async def _crash(secret: str) -> None:
    again = secret * 2
    raise RuntimeError(f"\x1b]0;PWN\x07\x1b[2J forced, {len(again)} characters")


if __name__ == "__main__":
    sys.exit(main())
