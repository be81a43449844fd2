"""The guide for each identity provider, read from `click_paths.toml` beside this file."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files

from scim_tui.idps.port import Fact, Guide
from scim_tui.model.errors import UsageError

BY_HAND = ("okta", "entra", "google", "onelogin", "jumpcloud", "pingone", "cyberark", "other")
"""The IdPs into which a person pastes the secret."""
_FILE = "click_paths.toml"


@lru_cache(1)
def guides() -> Mapping[str, Guide]:
    """All guides, by the name the config file uses."""
    text = files("scim_tui.idps").joinpath(_FILE).read_text(encoding="utf-8")
    return {name: _guide(table) for name, table in tomllib.loads(text).items()}


def guide(name: str) -> Guide:
    """One guide. Raises `UsageError` for a name that is not known."""
    if name not in guides():
        raise UsageError(f"There is no guide for {name!r}.", f"There are: {', '.join(BY_HAND)}.")
    return guides()[name]


def _guide(table: Mapping[str, object]) -> Guide:
    minutes = table.get("cycle_minutes")
    return Guide(
        title=str(table["title"]),
        steps=_facts(table.get("steps")),
        link=_fact(table.get("link")),
        test=_fact(table.get("test")),
        speaks=_facts(table.get("speaks")),
        notes=_facts(table.get("notes")),
        slash=_fact(table.get("slash")),
        drops_slash=table.get("drops_slash") is True,
        cycle=timedelta(minutes=minutes) if isinstance(minutes, int) else None,
    )


def _facts(rows: object) -> tuple[Fact, ...]:
    found = [_fact(row) for row in rows] if isinstance(rows, list) else []
    return tuple(fact for fact in found if fact is not None)


def _fact(row: object) -> Fact | None:
    if not isinstance(row, dict):
        return None
    return Fact(row["text"], row["mark"], row["source"], row.get("copies", ""))
