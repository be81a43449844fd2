"""A user or group field by field: what is missing, what breaks a rule, and the record as JSON."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeGuard

from rich.cells import cell_len

from scim_tui.model.ages import age
from scim_tui.model.schema_ids import is_schema_id, name_of_schema
from scim_tui.model.violations import Violation, group_violations, user_violations
from scim_tui.tui.drawing.text import Line, Span, chop, clean, fit, line, middle, reveal, wrap

if TYPE_CHECKING:
    from scim_tui.model.directory import Row, UserRow
    from scim_tui.model.errors import ScimTuiError

_NAME_CELLS = (14, 17)
"""Least and most for names; the longest of the core is preferredLanguage (RFC 7643 4.1)."""
_ID_CELLS = 20
"""Cells below which the id of a schema is left out beside its name."""
MAX_RAW_LINES = 5_000
"""Lines of JSON that are drawn; the copy has all."""
_FIRST_OF_USER = (
    "userName",
    "displayName",
    "name.givenName",
    "name.familyName",
    "emails",
    "active",
)
_FIRST_OF_GROUP = ("displayName",)
_REQUIRED = frozenset({"userName", "displayName", "name.givenName", "name.familyName"})
_LAST = ("externalId", "id", "meta.created", "meta.lastModified")
_SERVER_ONLY = frozenset({"id", "meta", "schemas", "groups", "members"})
"""Attributes that a server adds, and those with a tab of their own."""


def is_user(row: "Row") -> TypeGuard["UserRow"]:
    """Whether a row is a user's; it does not need the model to be loaded."""
    return hasattr(row, "user_name")


def attributes_of(row: "Row") -> dict[str, Any]:
    """The attributes of a row of the list, in the shape of a SCIM resource."""
    found: dict[str, Any] = {
        "id": row.id,
        "displayName": row.display_name,
        "externalId": row.external_id,
        "meta": {"created": row.created, "lastModified": row.changed},
    }
    if is_user(row):
        found["userName"] = row.user_name
        found["name"] = {"givenName": row.given_name, "familyName": row.family_name}
        found["active"] = row.active
        found["emails"] = [{"value": row.email}] if row.email else None
    return found


def parsed(text: object) -> datetime | None:
    """The instant a server wrote, or None when it wrote something else."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def short_age(text: str, now: datetime) -> Span:
    """The age of a time in the width of a column: "11m", "2d"."""
    at = parsed(text)
    if at is None:
        return Span(text) if text else Span("unknown", "unknown")
    return Span(age(at, now).removesuffix(" ago"))


def full_time(text: object, now: datetime) -> Line:
    """Date and time, and how long ago that was."""
    at = parsed(text)
    if at is None:
        return (Span(reveal(str(text))),) if text else (Span("unknown", "unknown"),)
    return line(f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}", (f"  {age(at, now)}", "dim"))


def violations(attributes: Mapping[str, Any], *, group: bool) -> list[Violation]:
    """The rules of Identity Center that refuse these attributes."""
    sent = {name: value for name, value in attributes.items() if name not in _SERVER_ONLY}
    return list(group_violations(sent) if group else user_violations(sent))


def profile_lines(
    attributes: Mapping[str, Any],
    now: datetime,
    cells: int,
    *,
    group: bool,
    whole: bool,
    schemas: Mapping[str, str] | None = None,
) -> list[Line]:
    """Every attribute; the required and common ones come first, always in the same order.

    `schemas` names the extensions, which have a heading each.
    """
    fields = dict(_flat(attributes))
    first = _FIRST_OF_GROUP if group else _FIRST_OF_USER
    wrong = violations(attributes, group=group) if whole else []
    marked = {
        each.path.partition(".")[0] if each.path.startswith("emails") else each.path
        for each in wrong
    }
    lines: list[Line] = []
    wide = _name_cells(attributes)
    for name in (*first, *_LAST):
        lines += _field(name, fields.pop(name, None), now, cells, wide, marked=name in marked)
    lines += _problems(wrong, cells)
    more = [
        row
        for name, value in fields.items()
        for row in _field(name, value, now, cells, wide, marked=name in marked)
    ]
    lines += [(), *more] if more else []
    for schema_id, value in attributes.items():
        if is_schema_id(schema_id):
            lines += _extension(
                schema_id, value, (schemas or {}).get(schema_id, ""), now, cells, wide
            )
    return lines


def _name_cells(attributes: Mapping[str, Any]) -> int:
    """Cells for the names, so that values line up."""
    least, most = _NAME_CELLS
    names = [name.removeprefix("name.") for name, _ in _flat(attributes) if name[:5] != "meta."]
    return min(max([least, *map(len, names)]), most)


def _extension(
    schema_id: str, value: object, name: str, now: datetime, cells: int, wide: int
) -> list[Line]:
    """The attributes of one extension, below its name."""
    title = f" {reveal(name or name_of_schema(schema_id))}"
    room = cells - cell_len(title) - 4 if name_of_schema(schema_id) != schema_id else 0
    mark = Span(f"  {middle(schema_id, room)}" if room >= _ID_CELLS else "", "dim")
    heading = (Span(fit(title, min(cell_len(title), cells)), "title"), mark)
    lines: list[Line] = [(), heading]
    fields = value if isinstance(value, Mapping) else {"value": value}
    for part, inner in fields.items():
        lines += _field(part, inner, now, cells, wide)
    return lines


def beside_lines(beside: Mapping[str, Any], now: datetime, cells: int) -> list[Line]:
    """Attributes from another API of the provider, below those of SCIM."""
    if not beside:
        return []
    lines = [(), line(("   BESIDE SCIM", "dim"))]
    for name, value in beside.items():
        if name in {"created", "changed"} and isinstance(value, str):
            lines += _field(f"meta.{_META[name]}", value, now, cells, _NAME_CELLS[0])
        else:
            lines += _field(name, value, now, cells, _NAME_CELLS[0])
    return lines


_META = {"created": "created", "changed": "lastModified"}


def _flat(attributes: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in attributes.items():
        if name in {"schemas", "groups", "members"} or is_schema_id(name):
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name}.{part}", inner) for part, inner in value.items())
        else:
            yield name, value


def _field(
    name: str, value: object, now: datetime, cells: int, wide: int, *, marked: bool = False
) -> list[Line]:
    if name.startswith("meta.") and name not in _LAST:
        return []
    sign = Span(" ! " if marked else "   ", "warn")
    shown = reveal(
        {"meta.created": "created", "meta.lastModified": "changed"}.get(
            name, name.removeprefix("name.")
        )
    )
    label = Span(f"{shown:<{wide}} ", "dim")
    if name.startswith("meta."):
        return [(sign, label, *full_time(value, now))]
    if value is None or value == "":
        role = "bad" if name in _REQUIRED else "dim"
        words = "missing" if name in _REQUIRED else "-"
        return [(sign, label, Span(words, role))] if name in _KNOWN else []
    indent = Span(" " * (wide + 4))
    room = max(cells - wide - 5, 10)
    first, *rest = [
        part
        for text in _values(value)
        for piece in _pieces(text, room)
        for part in chop(piece, room)
    ] or [""]
    return [(sign, label, Span(first)), *((indent, Span(part)) for part in rest)]


_KNOWN = frozenset({*_FIRST_OF_USER, *_LAST})


def _values(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [text for each in value for text in _values(each)]
    if isinstance(value, Mapping):
        return [_complex(value)]
    return [reveal(str(value))]


def _pieces(text: str, room: int) -> list[str]:
    """A value with notes, in two pieces when it is too long for one line."""
    value, sign, notes = text.rpartition(" (")
    return [value, f"({notes}"] if sign and cell_len(text) > room else [text]


def values_of(value: object) -> list[str]:
    """A value of an attribute for a person to read, one text for each of several."""
    return _values(value)


def _complex(value: Mapping[str, Any]) -> str:
    """One of several values, such as "alice@corp.example (work, primary)"."""
    notes = [str(value["type"])] if value.get("type") else []
    if value.get("primary") is True:
        notes.append("primary")
    rest = {k: v for k, v in value.items() if k not in {"type", "primary"} and v is not None}
    if set(rest) == {"value"}:
        text = str(rest["value"])
    else:
        text = ", ".join(f"{name} {inner}" for name, inner in rest.items())
    return reveal(f"{text} ({', '.join(notes)})" if notes else text)


def _problems(wrong: list[Violation], cells: int) -> list[Line]:
    if not wrong:
        return []
    lines = [(), line((" AGAINST THE RULES of IAM Identity Center", "dim"))]
    for each in wrong:
        lines += sentence_lines(each.message, cells, lead=" ! ", role="warn")
        lines += sentence_lines(each.constraint.fix, cells, lead="   Fix: ")
    return lines


def sentence_lines(text: str, cells: int, *, lead: str = "   ", role: str = "") -> list[Line]:
    """A sentence broken between words, with a lead before its first line."""
    parts = wrap(text, max(cells - len(lead) - 1, 10))
    return [
        (Span(lead if not index else " " * len(lead), role or "dim"), Span(part, role))
        for index, part in enumerate(parts)
    ]


def raw_text(attributes: Mapping[str, Any]) -> str:
    """The record as JSON in which characters that draw nothing are written as escapes."""
    text = json.dumps(attributes, indent=2, ensure_ascii=False)
    if clean(text.replace("\n", " ")) == text.replace("\n", " "):
        return text
    return "".join(_escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    if sign == "\n" or clean(sign) == sign:
        return sign
    return json.dumps(sign)[1:-1]


def raw_lines(text: str, cells: int) -> list[Line]:
    """JSON as lines; long values are wrapped."""
    written = text.split("\n")
    lines: list[Line] = [
        (Span(f" {part}"),)
        for row in written[:MAX_RAW_LINES]
        for part in chop(row, max(cells - 2, 10))
    ]
    if len(written) > MAX_RAW_LINES:
        lines.append(line((f" {len(written) - MAX_RAW_LINES:,} more lines; y copies all", "dim")))
    return lines


def trouble(error: "ScimTuiError | None", cells: int) -> list[Line]:
    """An error and what to do next, as lines; none without an error."""
    if error is None:
        return []
    lines = sentence_lines(error.message, cells, lead=" ! ", role="bad")
    return [*lines, *(sentence_lines(error.hint, cells) if error.hint else ()), ()]
