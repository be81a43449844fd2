"""Finds the columns of an export that hold the status, and proposes the rule for `active`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scim_tui.mapping.authoring.write import toml_line
from scim_tui.mapping.rules.status_words import (
    StatusUnknown,
    is_state,
    says_active,
    says_blocked,
    status_of,
)

MAX_WORDS = 5
"""Most unknown words that the note of a rule names."""
_NAMES = (
    "active",
    "isactive",
    "accountenabled",
    "enabled",
    "isenabled",
    "status",
    "accountstatus",
    "userstatus",
    "state",
    "employmentstatus",
    "workerstatus",
)
_BITS = "useraccountcontrol"
Values = Mapping[str, Sequence[object]]
"""The values of a sample, by the JMESPath of the column; without those that are empty."""


@dataclass(frozen=True, slots=True)
class StatusColumns:
    """At most one column that says who is active, and all columns that say who is not."""

    active: str
    blocked: tuple[str, ...]
    bits: str
    """The column userAccountControl of Active Directory; empty: there is none."""
    unknown: tuple[str, ...] = ()
    """Unknown words of the sample."""

    @property
    def all(self) -> frozenset[str]:
        """Every column that the rule looks at."""
        return frozenset((self.active, *self.blocked, self.bits)) - {""}

    def lines(self) -> Iterator[str]:
        """The rule of active in TOML; none where no column has a status."""
        parts = [self.active] if self.active else []
        parts += [f"inactive({column})" for column in self.blocked]
        parts += [f"inactive(has_bit({self.bits}, `2`))"] if self.bits else []
        if not parts:
            return
        note = f"by the words of {' and '.join(sorted(self.all))}"
        if self.unknown:
            note += f"; not known, and refused until the rule says what it means: {self._words}"
        alone = len(parts) == 1 and not self.active
        source = parts[0] if alone else f"active({', '.join(parts)})"
        yield toml_line("active", {"source": source, "note": note})

    @property
    def _words(self) -> str:
        more = ", ..." if len(self.unknown) > MAX_WORDS else ""
        return ", ".join(self.unknown[:MAX_WORDS]) + more


def status_columns(names: Mapping[str, str], values: Values) -> StatusColumns:
    """Find the columns by their names, given without case and signs, and by their values."""
    blocked = tuple(path for path in names if _is_blocked(path, values[path]))
    bits = next((path for path, name in names.items() if name == _BITS), "")
    active = next(
        (
            path
            for wanted in (*_NAMES, "")
            for path, name in names.items()
            if path not in blocked and _is_active(wanted, path, name, values[path])
        ),
        "",
    )
    unknown = (str(value) for value in values.get(active, ()) if not _is_known(value))
    return StatusColumns(active, blocked, bits, tuple(dict.fromkeys(unknown)))


def _is_active(wanted: str, path: str, name: str, values: Sequence[object]) -> bool:
    """Whether the column says who is active; `wanted` is a usual name, or empty for any."""
    if name == "state":
        # As often a part of the address, such as ON or NE.
        return wanted == name and any(map(is_state, values))
    return name == wanted if wanted else says_active(path)


def _is_blocked(path: str, values: Sequence[object]) -> bool:
    return says_blocked(path) and (not values or any(map(_is_known, values)))


def _is_known(value: object) -> bool:
    try:
        status_of(value)
    except StatusUnknown:
        return False
    return True
