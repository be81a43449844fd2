"""The console script, and `python -m scim_tui`."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scim_tui.config.profiles import Profile


def main() -> None:
    """Run the command line and leave with its exit code."""
    if "--short" in sys.argv:
        # A prompt runs it each time: the parser of all commands alone would take 70 ms.
        from scim_tui.cli.status.short import at_once  # noqa: PLC0415

        if (code := at_once(sys.argv[1:])) is not None:
            sys.exit(code)
    from scim_tui.cli.main import run  # noqa: PLC0415 - the interpreter starts before the program

    sys.exit(run(sys.argv[1:], _screens))


def _screens(
    profile: "Profile", *, read_only: bool, lean: bool, profiles: "Sequence[Profile]"
) -> int:
    if lean:
        os.environ["SCIM_TUI_ASCII"] = "1"
    from scim_tui.tui.run import run_app  # noqa: PLC0415 - commands never load the screens

    return run_app(profile, read_only=read_only, lean=lean, profiles=profiles)


if __name__ == "__main__":
    main()
