"""The versions of the interpreter and of the libraries."""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from scim_tui.model.checkup import Finding, Verdict

_PARTS = ("textual", "httpx", "pydantic")


def machine() -> Iterator[Finding]:
    """The interpreter and the libraries."""
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", Verdict.OK, f"{python}, {sys.executable}")
    yield from map(_part, _PARTS)


def _part(name: str) -> Finding:
    try:
        return Finding(name.capitalize(), Verdict.OK, version(name))
    except PackageNotFoundError:
        fix = "pip install --upgrade scim-tui"
        return Finding(name.capitalize(), Verdict.BAD, "not installed", fix)
