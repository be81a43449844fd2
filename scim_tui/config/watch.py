"""The table `[watch]` of the config file, and the sinks below it.

[watch]
every = "60s"
remind = "24h"
quiet = "22:00-07:00"

[watch.sinks.oncall]
webhook_file = "~/.config/scim-tui/oncall-url"
template = "slack"

[watch.sinks.log]
command = "logger -t scim-tui"
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from scim_tui.config.keys import WATCH, SecretPlace
from scim_tui.config.profile_table import only
from scim_tui.config.secrets import SecretSource
from scim_tui.model.errors import UsageError

TEMPLATES = ("json", "slack", "teams")
LEAST_EVERY = timedelta(seconds=5)
_KEYS = ("every", "remind", "unknown_after", "quiet", "most_an_hour", "sinks")
_WEBHOOKS = {f"webhook_{place}": place for place in SecretPlace}
_SINK_KEYS = ("command", "template", *_WEBHOOKS)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LENGTH = re.compile(r"(\d{1,6})\s*([smhd])")
_QUIET = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkRef:
    """One place that messages go to: a command, or a web address by reference."""

    name: str
    command: tuple[str, ...] = ()
    webhook: SecretSource | None = None
    template: str = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTable:
    """What the config file says; None where it says nothing."""

    every: timedelta | None = None
    remind: timedelta | None = None
    """Zero: never."""
    unknown_after: timedelta | None = None
    quiet: tuple[time, time] | None = None
    most_an_hour: int | None = None
    sinks: tuple[SinkRef, ...] = field(default=())


def read_watch(path: Path, table: object) -> WatchTable:
    """The watch of a parsed config file. Raises `UsageError` naming file and key."""
    if not isinstance(table, Mapping):
        raise UsageError(f"{path}: {WATCH} must be a table.", f"Write [{WATCH}] above its keys.")
    only(path, f"{WATCH}.", table, _KEYS)
    where = f"{path}: {WATCH}."
    lengths = {
        key: length(table[key], f"{where}{key}")
        for key in ("every", "remind", "unknown_after")
        if key in table
    }
    if lengths.get("every", LEAST_EVERY) < LEAST_EVERY:
        raise UsageError(f"{where}every is too often.", "Use 5s or more.")
    most = table.get("most_an_hour")
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 1):
        raise UsageError(f"{where}most_an_hour must be a whole number above 0.")
    quiet = _quiet(table["quiet"], f"{where}quiet") if "quiet" in table else None
    sinks = _sinks(path, table.get("sinks", {}))
    return WatchTable(**lengths, quiet=quiet, most_an_hour=most, sinks=sinks)


def length(value: object, what: str) -> timedelta:
    """A length of time with its unit: "60s", "40m", "24h", "2d". Raises `UsageError`."""
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise UsageError(f"{what} must be a length of time.", 'Write "60s", "40m", "24h" or "2d".')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _quiet(value: object, what: str) -> tuple[time, time]:
    found = _QUIET.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found is not None:
            hours = [int(each) for each in found.groups()]
            return time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError:
        pass
    raise UsageError(f"{what} must be two times of the day.", 'Write "22:00-07:00".')


def _sinks(path: Path, tables: object) -> tuple[SinkRef, ...]:
    if not isinstance(tables, Mapping):
        raise UsageError(f"{path}: {WATCH}.sinks must be tables.", "Write [watch.sinks.NAME].")
    return tuple(_sink(path, str(name), table) for name, table in tables.items())


def _sink(path: Path, name: str, table: object) -> SinkRef:
    place = f"{WATCH}.sinks.{name}"
    if not isinstance(table, Mapping):
        raise UsageError(f"{path}: {place} must be a table.", f"Write [{place}] above its keys.")
    only(path, f"{place}.", table, _SINK_KEYS)
    if wrong := next((key for key, each in table.items() if not isinstance(each, str)), None):
        raise UsageError(f"{path}: {place}.{wrong} must be a text.")
    given = [key for key in ("command", *_WEBHOOKS) if key in table]
    if len(given) != 1:
        raise UsageError(
            f"{path}: {place} must name one place.",
            'Write command = "..." or webhook_file = "PATH"; an address is a secret.',
        )
    template = table.get("template", "json")
    if template not in TEMPLATES:
        raise UsageError(
            f"{path}: {place}.template {template!r} is not known.",
            f"Use one of {', '.join(TEMPLATES)}.",
        )
    if given == ["command"]:
        return SinkRef(name=name, command=_words(table["command"], f"{path}: {place}.command"))
    source = SecretSource(_WEBHOOKS[given[0]], table[given[0]])
    return SinkRef(name=name, webhook=source, template=template)


def _words(command: str, what: str) -> tuple[str, ...]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"{what} cannot be read: {error}.", "Check its quotes.") from None
    if not words:
        raise UsageError(f"{what} is empty.", "Name a program.")
    return tuple(words)


def watch_schema() -> dict[str, Any]:
    """The table as JSON Schema."""
    span = {"type": "string", "pattern": r"^\d{1,6}\s*[smhd]$"}
    text = {"type": "string"}
    sink = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(_SINK_KEYS, text),
            "template": {"enum": list(TEMPLATES)},
        },
    }
    keys = {
        **dict.fromkeys(("every", "remind", "unknown_after"), span),
        "quiet": text,
        "most_an_hour": {"type": "integer", "minimum": 1},
        "sinks": {"type": "object", "additionalProperties": sink},
    }
    return {"type": "object", "additionalProperties": False, "properties": keys}
