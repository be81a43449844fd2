"""The few facts of the chosen profile that a prompt needs, read without the rest of the config.

`config.profiles` takes 80 ms of CPU time to import. What is unusual is left to it.
"""

import os
import tomllib
from typing import Any, NamedTuple

_LEFT_TO_THE_REST = ("SCIM_TUI_ENDPOINT",)
"""Variables that make a profile of their own."""
_LOCAL = "local"


class Chosen(NamedTuple):
    """A profile, as far as the verdict that is kept in its folder needs it."""

    name: str
    data_dir: str
    expect_off: bool


def chosen(name: str | None = None) -> Chosen | None:
    """The profile of this name, else the default one; None: `config.profiles` has to find out."""
    if any(os.environ.get(each) for each in _LEFT_TO_THE_REST):
        return None
    try:
        document = _document()
    except (OSError, ValueError):
        return None
    tables = document.get("profiles", {})
    wanted = name or os.environ.get("SCIM_TUI_PROFILE") or document.get("default_profile", _LOCAL)
    if not isinstance(tables, dict) or not isinstance(wanted, str):
        return None
    table = tables.get(wanted, {} if wanted == _LOCAL else None)
    if not isinstance(table, dict):
        return None
    folder, expect = table.get("data_dir"), table.get("expect", "on")
    if folder is None:
        parts = () if wanted == _LOCAL else ("profiles", wanted)
        folder = os.path.join(_place("SCIM_TUI_DATA_DIR", "user_data_dir"), *parts)
    if not isinstance(folder, str) or expect not in {"on", "off"}:
        return None
    return Chosen(wanted, os.path.expanduser(folder), expect == "off")


def _document() -> dict[str, Any]:
    path = os.environ.get("SCIM_TUI_CONFIG")
    if path is None:
        path = os.path.join(_place("", "user_config_dir"), "config.toml")
    try:
        with open(os.path.expanduser(path), "rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        if os.environ.get("SCIM_TUI_CONFIG"):
            raise
        return {}


def _place(variable: str, kind: str) -> str:
    if named := os.environ.get(variable):
        return os.path.expanduser(named)
    import platformdirs  # noqa: PLC0415 - not needed where the variable is set

    return str(getattr(platformdirs, kind)("scim-tui"))
