"""Start the app with the theme, mouse and glyphs that fit this terminal."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

from scim_tui.config.profiles import Profile
from scim_tui.model.clock import Clock, utc_now
from scim_tui.tui.app import ScimApp
from scim_tui.tui.drawing import theme
from scim_tui.tui.session.session import Session
from scim_tui.tui.terminal import detect as terminal
from scim_tui.tui.terminal import watchdog
from scim_tui.tui.terminal.driver import FrameDiffDriver


def run_app(
    profile: Profile,
    *,
    read_only: bool = False,
    lean: bool = False,
    profiles: Sequence[Profile] = (),
) -> int:
    """Start the app on a profile; returns the exit code."""
    from scim_tui.config.profiles import is_first_start
    from scim_tui.tui.session.opening import session_for

    return run_session(
        session_for(profile, read_only=read_only),
        first=profile.provider == "local" and is_first_start(),
        lean=lean,
        profiles=profiles,
        switch=lambda other: session_for(other, read_only=read_only),
    )


def run_session(
    session: Session,
    *,
    lean: bool = False,
    profiles: Sequence[Profile] = (),
    switch: Callable[[Profile], Session] | None = None,
    clock: Clock = utc_now,
    first: bool = False,
) -> int:
    """Start the app on a session; returns the exit code."""
    facts = terminal.look()
    if facts.dumb:
        sys.stderr.write("This terminal cannot draw screens (TERM=dumb). Use scim-tui --help.\n")
        return 2
    wanted = os.environ.get("SCIM_TUI_THEME") or ("ansi" if lean else facts.theme)
    if wanted not in theme.THEMES:
        known = ", ".join(theme.THEMES)
        sys.stderr.write(f"SCIM_TUI_THEME is not a theme. Take one of: {known}.\n")
        return 2
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]
    app = ScimApp(
        session,
        theme_name=wanted,
        clock=clock,
        switch=switch,
        profiles=profiles,
        lean=lean,
        first=first,
    )
    # Its type is too narrow for a class with an argument of ours.
    app.driver_class = partial(FrameDiffDriver, signals=watchdog.start())  # type: ignore[assignment]
    terminal.leave_no_core()
    terminal.leave_when_lost()
    session.paused = lean
    code = app.run(mouse=not facts.over_ssh)
    if (fault := app.ended_by) is not None:
        kept = f"It is written to {fault.file}." if fault.file else fault.report
        sys.stderr.write(f"scim-tui ended because of a fault in itself: {fault.words}. {kept}\n")
        return 1
    # Without a fault and without an exit code, the app ended in a way that it did not choose.
    return code if code is not None else app.return_code or 1
