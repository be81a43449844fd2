"""The entries of one tab, newest first, and those of them that match the filter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from scim_tui.core.index.query import Term
from scim_tui.model.activity import AuditEntry, Event
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.text import Line
from scim_tui.tui.widgets.sources import LazySource, lazy_source

T = TypeVar("T")
MOST = 10_000
"""Entries kept; older ones are read again when the list is scrolled there."""

FieldsOf = Callable[[T], dict[str, str]]


def fields_of_event(event: Event) -> dict[str, str]:
    """The searchable fields of a request."""
    return {
        "operation": event.operation,
        "target": str(event.target),
        "result": f"{event.status} {'refused' if event.refused else 'accepted'}",
        "why": f"{event.constraint} {event.message}",
        "client": str(event.client),
        "token": str(event.token_id),
        "id": f"{event.resource_id} {event.request_id}",
    }


def fields_of_entry(entry: AuditEntry) -> dict[str, str]:
    """The searchable fields of an audit entry."""
    return {
        "action": entry.action,
        "target": entry.target,
        "result": str(entry.phase),
        "who": entry.actor,
        "how": entry.via,
        "detail": entry.detail,
    }


@dataclass(slots=True)
class Log(Generic[T]):
    """Entries newest first, and those that match."""

    key: Callable[[T], str]
    fields: FieldsOf[T]
    when: Callable[[T], datetime] | None = None
    """The time that is shown, where the order of the entries is another: requests counted as one
    event keep the place of the first and have the time of the newest."""
    entries: list[T] = field(default_factory=list, repr=False)
    shown: list[T] = field(default_factory=list, repr=False)
    text: str = ""
    about: str = ""
    """The user or group that another screen asked about, as a term besides the text."""
    from_other_screen: bool = False
    """Whether another screen set it, and the user has not confirmed it here."""
    asked: bool = False
    """Whether the newest page was asked for."""
    ready: bool = False
    """Whether it has arrived."""
    complete: bool = False
    """Whether there is nothing older."""
    error: ScimTuiError | None = None
    mark: object = None
    """What the snapshot said when the newest entries were asked for."""
    _folded: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def forget(self) -> None:
        """Drop the entries; the filter stays."""
        self.entries, self.shown = [], []
        self._folded.clear()
        self.asked = self.ready = self.complete = False
        self.error = self.mark = None

    def start(self, entries: Sequence[T], *, complete: bool) -> None:
        """Replace all entries by the newest ones."""
        self.entries = list(entries)
        self.ready, self.complete, self.error = True, complete, None
        self._folded.clear()
        self.filter(self.text)

    def prepend(self, newer: Sequence[T]) -> None:
        """Add newer entries."""
        self.error = None
        self.entries = [*newer, *self.entries]
        self.shown = self._in_order([*self._matching(newer), *self.shown])
        if len(self.entries) > MOST:
            self.start(self.entries[:MOST], complete=False)

    def append(self, older: Sequence[T], *, complete: bool) -> None:
        """Add older entries."""
        self.error, self.complete = None, complete
        self.entries = [*self.entries, *older]
        self.shown = self._in_order([*self.shown, *self._matching(older)])

    def filter(self, text: str) -> None:
        """Show only what matches: words in any order, !not, field:value."""
        self.text = text
        self.shown = self._in_order(self._matching(self.entries))

    def show_about(self, about: str, *, from_other_screen: bool = False) -> None:
        """Show only entries about one user or group; empty: about any."""
        self.about, self.from_other_screen = about, from_other_screen and bool(about)
        self.shown = self._in_order(self._matching(self.entries))

    @property
    def query(self) -> str:
        """The filter and the user or group, as one query."""
        return f"{self.text} {self.about}".strip()

    def _matching(self, entries: Sequence[T]) -> list[T]:
        if not self.query or not entries:
            return list(entries)
        from scim_tui.core.index.query import parse

        terms = parse(self.query, tuple(self.fields(entries[0])))
        return [entry for entry in entries if self._fits(entry, terms)]

    def _in_order(self, entries: list[T]) -> list[T]:
        return sorted(entries, key=self.when, reverse=True) if self.when else entries

    def _fits(self, entry: T, terms: Sequence[Term]) -> bool:
        words = self._words(entry)
        return all(
            (term.text in (words[term.field] if term.field else words[""])) != term.negated
            for term in terms
        )

    def _words(self, entry: T) -> dict[str, str]:
        """The fields of the entry without case and accents, computed once."""
        from scim_tui.core.index.query import fold

        key = self.key(entry)
        if key not in self._folded:
            folded = {name: fold(value) for name, value in self.fields(entry).items()}
            folded[""] = "\n".join(folded.values())
            self._folded[key] = folded
        return self._folded[key]

    def source(self, cells: Callable[[T], Line]) -> LazySource[T]:
        """The rows of the table."""
        return lazy_source(self.shown, key=self.key, cells=cells)
