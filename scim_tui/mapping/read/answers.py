"""Finds the list of people in the saved response of an API, and whether it is complete.

APIs differ in their key for the list (`value`, `Resources`, `employees`, `Report_Entry`), for the
total (`totalResults`, `totalCount`) and for the next page.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scim_tui.mapping.authoring.column_names import PERSON
from scim_tui.mapping.base.bounds import OF_PEOPLE, Bounds
from scim_tui.mapping.base.folded_name import folded_name
from scim_tui.mapping.read.members import KEYS as MEMBERS

EMBEDDED = "_embedded"
"""The key that holds the list in answers of PingOne, Okta and other HAL APIs."""
MAX_LEVELS = 3
"""How deep a list may lie in an answer: `d.results`, `data.users`."""
_TOTALS = frozenset(
    {
        "totalresults",
        "totalcount",
        "total",
        "totalitems",
        "totalrecords",
        "totalrows",
        "totalelements",
        "totalhits",
        "totalsize",
        "totalusers",
        "count",
        "odatacount",
        "recordcount",
    }
)
_NEXT = frozenset(
    {
        "odatanextlink",
        "nextlink",
        "nextpagetoken",
        "nextcursor",
        "next",
        "nextpage",
        "nextpageurl",
        "nexturl",
        "nexttoken",
        "nextpagelink",
        "aftercursor",
        "endcursor",
        "hasmore",
        "hasnextpage",
        "hasnext",
        "morepages",
        "ismore",
    }
)
_GROUP = frozenset({"displayname", "name", "cn", "profile", "groupname", "email"})


def holds_the_list(
    key: str, first: object, before: Iterable[str], bounds: Bounds, *, usual: bool
) -> bool:
    """Whether a list in an object is the list of the file, by its key and its first element.

    `before` are the keys before it in the object: if one is a person's name, the object is one
    person and the list an attribute. `usual`: the list is at a usual place, so that a usual key is
    enough.
    """
    if usual and folded_name(key) in bounds.words:
        return True
    if not isinstance(first, dict):
        return False
    if bounds is OF_PEOPLE:
        return _is_person(first) and not any(map(_names_a_person, before))
    return key not in MEMBERS and _is_group(first) and not _GROUP & set(map(folded_name, before))


def _names_a_person(key: str) -> bool:
    return folded_name(key) in PERSON


def _is_person(entry: Mapping[str, Any]) -> bool:
    """Whether it has two keys that only people have, also inside an object such as `profile`."""
    return sum(map(_names_a_person, keys_in(entry))) > 1


def keys_in(entry: Mapping[str, Any]) -> Iterator[str]:
    """The keys of an object, and of the objects right inside."""
    yield from entry
    yield from (key for one in entry.values() if isinstance(one, dict) for key in one)


def _is_group(entry: Mapping[str, Any]) -> bool:
    words = set(map(folded_name, entry))
    return bool(_GROUP & words) and (
        len(_GROUP & words) > 1 or any(key in entry for key in MEMBERS) or "id" in words
    )


def wraps_a_list(value: object, bounds: Bounds = OF_PEOPLE) -> bool:
    """Whether this is an answer with people inside and not a person."""
    return isinstance(value, dict) and _wraps(value, bounds, (), 0, usual=True)


def _wraps(
    value: Mapping[str, Any], bounds: Bounds, above: tuple[str, ...], level: int, *, usual: bool
) -> bool:
    before = above
    for key, inner in value.items():
        if isinstance(inner, list) and all(isinstance(one, dict) for one in inner):
            first = inner[0] if inner else None
            if holds_the_list(key, first, before, bounds, usual=usual):
                return True
        elif (
            isinstance(inner, dict)
            and level < MAX_LEVELS
            and _wraps(inner, bounds, before, level + 1, usual=key == EMBEDDED)
        ):
            return True
        before = (*before, *keys_in({key: inner}))
    return False


class PageCount:
    """The number of people in the responses of a file, and the total that they state."""

    def __init__(self, what: str = "people") -> None:
        self._what = what
        self._total, self._by, self._next = 0, "", ""
        self.rows = 0

    def take(self, around: Mapping[str, Any]) -> None:
        """Read the keys around one list; the last response says whether a page follows."""
        self._next = ""
        self._look(around, 0)

    def _look(self, around: Mapping[str, Any], level: int) -> None:
        for key, value in around.items():
            word = folded_name(key)
            if isinstance(value, dict) and word in _NEXT:
                self._next = key if value.get("href") else self._next
            elif isinstance(value, dict) and level < MAX_LEVELS:
                self._look(value, level + 1)
            elif word in _NEXT and value and not isinstance(value, dict | list):
                self._next = key
            elif word in _TOTALS and _is_number(value) and int(value) > self._total:
                self._total, self._by = int(value), key

    @property
    def missing(self) -> str:
        """A note where the file does not have all people; empty: it has."""
        if self._total > self.rows:
            found = f"has only {self.rows:,} of {self._total:,} {self._what} ({self._by})"
        elif self._next:
            found = f"is one page of more ({self._next}): there are more {self._what} than its "
            found += f"{self.rows:,}"
        else:
            return ""
        return f"The file {found}. Export all pages, or save them one after the other."


def _is_number(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12
    )
