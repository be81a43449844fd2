"""The console script, and `python -m scim_tui`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from scim_tui.cli.main import run  # noqa: PLC0415 - the interpreter starts before the program

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
