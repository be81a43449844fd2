"""Remarks about a file: what is missing, guessed or unclear in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scim_tui.mapping.base.errors import BadPeople


@dataclass(frozen=True, slots=True)
class Unclear:
    """A column whose values cannot be read; it is an error only if a rule uses it."""

    name: str
    """The name of the file."""
    line: int
    problem: str
    hint: str

    def error(self, purpose: str) -> BadPeople:
        """The error to raise, as the column is needed after all."""
        problem = f"{self.problem} It is needed for {purpose}."
        return BadPeople(self.name, self.line, problem, self.hint)


def refuse_unclear(unclear: Mapping[str, Unclear], columns: Iterable[str], purpose: str) -> None:
    """Raise `BadPeople` when one of these columns is unclear."""
    if unclear:
        for column in sorted(set(columns) & unclear.keys()):
            raise unclear[column].error(purpose)


@dataclass(slots=True)
class Remarks:
    """What was found while a file was read; complete once it was read to its end."""

    partial: str = ""
    """A note that the file is one page of several; empty: nothing says so."""
    guessed: str = ""
    """The encoding that was guessed; empty: none had to be."""
    others: list[str] = field(default_factory=list)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    """Columns whose values cannot be read from the file."""

    def add(self, note: str) -> None:
        """Note a sentence."""
        self.others.append(note)

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything in sentences, what is missing first; from outside: never to be shown raw."""
        return ((self.partial,) if self.partial else ()) + tuple(self.others)
