"""Reads people from LDIF (RFC 2849), as ldapsearch, ldifde and directory consoles write it.

An attribute with one value is a text, one with several a list. Groups, units and machines are
left out and counted. A file of changes is refused: it says what was done, not who there is; but
`changetype: add`, which ldifde writes, is an entry. A value in another file is not read: it makes
its attribute unclear, which matters to a rule that uses it.
"""

import base64
import binascii
import uuid
from collections.abc import Iterator, Mapping
from typing import TextIO

from scim_tui.mapping.base.bounds import EMPTY, MAX_EMPTY, OF_PEOPLE, Bounds
from scim_tui.mapping.base.errors import BadPeople
from scim_tui.mapping.read.encoding import lines_of
from scim_tui.mapping.read.remarks import Remarks, Unclear

PEOPLE = frozenset(
    {
        "person",
        "organizationalperson",
        "inetorgperson",
        "user",
        "account",
        "posixaccount",
    }
)
GROUPS = frozenset(
    {
        "group",
        "groupofnames",
        "groupofuniquenames",
        "groupofmembers",
        "groupofurls",
        "posixgroup",
    }
)
MACHINES = frozenset({"computer", "device", "msds-managedserviceaccount"})
_KNOWN = (
    "cn sn givenName displayName initials mail uid title ou o l st street c co company "
    "postalCode department departmentNumber division employeeID employeeNumber employeeType "
    "telephoneNumber mobile facsimileTelephoneNumber preferredLanguage manager memberOf "
    "sAMAccountName userPrincipalName userAccountControl objectGUID objectClass objectSid "
    "entryUUID physicalDeliveryOfficeName proxyAddresses postalAddress description info "
    "streetAddress homePhone labeledURI nsAccountLock"
)
_SPELLINGS = {name.lower(): name for name in _KNOWN.split()}
"""Attribute names as rules spell them; LDAP ignores case, and tools differ."""
Found = Iterator[tuple[int, Mapping[str, object]]]
_Values = dict[str, str | list[str]]


def read_ldif(text: TextIO, name: str, remarks: Remarks, bounds: Bounds = OF_PEOPLE) -> Found:
    """The people, each with the line of its `dn`; afterwards a note of what was left out.

    With the bounds of groups it reads the groups, and no people.
    """
    others = 0
    people = bounds is OF_PEOPLE
    is_wanted = _is_person if people else _is_group
    more = False
    for record in _records(text, name, bounds):
        number, first = record[0]
        values = _values(record, name, remarks.unclear)
        if not first.lower().startswith("dn:"):
            _check_loose(values, name, number)
            more = _says_more(values)
        elif is_wanted(values):
            yield number, values
        else:
            others += 1
    if more:
        remarks.partial = _PAGE.format("people" if people else "groups")
    if others:
        left = ("people: {:,} groups" if people else "groups: {:,} people").format(others)
        remarks.add(f"Left out, as they are no {left}, units or machines.")
    if remarks.unclear:
        left = ", ".join(sorted(remarks.unclear))
        remarks.add(f"Left out, as the values are in other files, which are not read: {left}.")


_PAGE = "The file is one page of more (pagedresults): there are more {}. Export all pages."


def _records(text: TextIO, name: str, bounds: Bounds) -> Iterator[list[tuple[int, str]]]:
    """The lines of each record, unfolded and without comments, each with its number."""
    record: list[tuple[int, list[str]]] = []
    comment, size, empty = False, 0, 0
    for number, raw in enumerate(lines_of(text, name, bounds.text), 1):
        line = raw.rstrip("\r\n")
        size += len(line) + 1
        if size > bounds.text or len(record) > bounds.lines:
            raise BadPeople(name, number, f"A record is longer than {bounds.text:,} characters.")
        if line.startswith(" "):
            if not comment:
                _unfold(record, line[1:], name, number)
        elif not line:
            if record:
                yield _unfolded(record)
            record, size, comment, empty = [], 0, False, empty + 1
            if empty > MAX_EMPTY:
                raise BadPeople(name, number, EMPTY)
        else:
            comment = line.startswith("#")
            if comment:
                size -= len(line) + 1
            elif record or not line.lower().startswith("version:"):
                record.append((number, [line]))
    if record:
        yield _unfolded(record)


def _unfold(record: list[tuple[int, list[str]]], rest: str, name: str, number: int) -> None:
    if not record:
        raise BadPeople(name, number, "A folded line follows nothing.", "Export again.")
    record[-1][1].append(rest)


def _unfolded(record: list[tuple[int, list[str]]]) -> list[tuple[int, str]]:
    return [(number, "".join(parts)) for number, parts in record]


def _values(record: list[tuple[int, str]], name: str, unclear: dict[str, Unclear]) -> _Values:
    values: _Values = {}
    for number, line in record:
        attribute, value = _pair(line, name, number)
        attribute = _SPELLINGS.get(attribute.lower(), attribute)
        if value is None:
            problem = f"The value of {attribute} is in another file, which is not read."
            hint = "Export with the values inside."
            unclear.setdefault(attribute, Unclear(name, number, problem, hint))
            continue
        if attribute.lower() in _OF_CHANGES and number > record[0][0]:
            _check_change(attribute, value, name, number)
            continue
        known = values.setdefault(attribute, value)
        if isinstance(known, list):
            known.append(value)
        elif known is not value:
            values[attribute] = [known, value]
    return values


_OF_CHANGES = frozenset({"changetype", "control"})
"""What stands between the name of an entry and its attributes where LDIF is to be imported."""


def _check_change(attribute: str, value: str, name: str, number: int) -> None:
    """Raise `BadPeople` for any change but that an entry is added, with all that it has."""
    if attribute.lower() == "changetype" and value.strip().lower() != "add":
        problem = f"This LDIF holds changes ({value.strip()[:20]}), not people."
        raise BadPeople(name, number, problem, "Export the entries instead.")


def _pair(line: str, name: str, number: int) -> tuple[str, str | None]:
    """An attribute and its value; None: it is in another file."""
    attribute, colon, value = line.partition(":")
    if not colon or not attribute or " " in attribute:
        raise BadPeople(name, number, "Not LDIF: a line is `attribute: value`.", "Export again.")
    if value.startswith("<"):
        return attribute, None
    if not value.startswith(":"):
        return attribute, value.lstrip(" ")
    try:
        data = base64.b64decode(value[1:].strip(" "), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPeople(name, number, f"The base64 of {attribute} is broken.") from error
    return attribute, _text(attribute, data)


def _text(attribute: str, data: bytes) -> str:
    """The value as text; for binary data, the GUID as Entra and AD show it, or the base64."""
    if attribute.lower() == "objectguid" and len(data) == 16:
        return str(uuid.UUID(bytes_le=data))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()
    return text if "\0" not in text else base64.b64encode(data).decode()


def _is_person(values: _Values) -> bool:
    """By objectClass; without it every entry counts as a person."""
    classes = _classes(values)
    return classes is None or (bool(classes & PEOPLE) and not classes & MACHINES)


def _is_group(values: _Values) -> bool:
    classes = _classes(values)
    return classes is None or bool(classes & GROUPS)


def _classes(values: _Values) -> set[str] | None:
    found = values.get("objectClass")
    if found is None:
        return None
    return {one.lower() for one in (found if isinstance(found, list) else [found])}


def _check_loose(values: _Values, name: str, number: int) -> None:
    """ldapsearch ends with `search: 2` and `result: 0 Success`, and may name other servers."""
    if not {"search", "ref"} & values.keys():
        raise BadPeople(
            name, number, "A record does not start with `dn:`.", "Export again: is a line lost?"
        )
    result = values.get("result", "0")
    if isinstance(result, str) and not result.startswith("0"):
        problem = "The search was not complete: the last record has another result than 0."
        raise BadPeople(name, number, problem, "Export again, without a size limit.")


def _says_more(values: _Values) -> bool:
    """Whether the answer to a search of pages names the place where the next page begins."""
    cookie = values.get("pagedresults", "")
    return isinstance(cookie, str) and bool(cookie.partition("cookie=")[2].strip())
