"""People out of LDIF (RFC 2849), as ldapsearch, ldifde and directory consoles write it.

An attribute with one value is a text, one with several a list. Groups, units and machines are
left out and counted. A file of changes is refused: it says what was done, not who there is.
"""

import base64
import binascii
import uuid
from collections.abc import Iterator, Mapping
from typing import TextIO

from scim_tui.mapping.encoding import lines_of
from scim_tui.mapping.errors import BadPeople

MAX_LINES = 20_000
"""Lines of one record, so that a file without empty lines is not read into memory whole."""
MAX_RECORD = 1024 * 1024
PEOPLE = frozenset({
    "person", "organizationalperson", "inetorgperson", "user", "account", "posixaccount",
})  # fmt: skip
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
"""Names of attributes have no case in LDAP, and tools differ; rules have one."""
Found = Iterator[tuple[int, Mapping[str, object]]]
_Values = dict[str, str | list[str]]


def read_ldif(text: TextIO, name: str, notes: list[str]) -> Found:
    """The people, each with the line of its `dn`; afterwards a note of what was left out."""
    others = 0
    for record in _records(text, name):
        number, first = record[0]
        values = _values(record, name)
        if not first.lower().startswith("dn:"):
            _check_loose(values, name, number)
        elif _is_person(values):
            yield number, values
        else:
            others += 1
    if others:
        notes.append(f"Left out, as they are no people: {others:,} groups, units or machines.")


def _records(text: TextIO, name: str) -> Iterator[list[tuple[int, str]]]:
    """The lines of each record, unfolded and without comments, each with its number."""
    record: list[tuple[int, list[str]]] = []
    comment, size = False, 0
    for number, raw in enumerate(lines_of(text, name), 1):
        line = raw.rstrip("\r\n")
        size += len(line) + 1
        if size > MAX_RECORD or len(record) > MAX_LINES:
            raise BadPeople(name, number, f"A record is longer than {MAX_RECORD:,} characters.")
        if line.startswith(" "):
            if not comment:
                _unfold(record, line[1:], name, number)
        elif not line:
            if record:
                yield _unfolded(record)
            record, size, comment = [], 0, False
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


def _values(record: list[tuple[int, str]], name: str) -> _Values:
    values: _Values = {}
    for number, line in record:
        attribute, value = _pair(line, name, number)
        attribute = _SPELLINGS.get(attribute.lower(), attribute)
        if attribute.lower() == "changetype":
            raise BadPeople(
                name, number, "This LDIF holds changes, not people.", "Export the entries instead."
            )
        known = values.setdefault(attribute, value)
        if isinstance(known, list):
            known.append(value)
        elif known is not value:
            values[attribute] = [known, value]
    return values


def _pair(line: str, name: str, number: int) -> tuple[str, str]:
    attribute, colon, value = line.partition(":")
    if not colon or not attribute or " " in attribute:
        raise BadPeople(name, number, "Not LDIF: a line is `attribute: value`.", "Export again.")
    if value.startswith("<"):
        problem = f"The value of {attribute} is in another file, which is not read."
        raise BadPeople(name, number, problem, "Export with the values inside.")
    if not value.startswith(":"):
        return attribute, value.lstrip(" ")
    try:
        data = base64.b64decode(value[1:].strip(" "), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPeople(name, number, f"The base64 of {attribute} is broken.") from error
    return attribute, _text(attribute, data)


def _text(attribute: str, data: bytes) -> str:
    """A text; of what is none, the GUID as Entra and AD show it, or the base64."""
    if attribute.lower() == "objectguid" and len(data) == 16:
        return str(uuid.UUID(bytes_le=data))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()
    return text if "\0" not in text else base64.b64encode(data).decode()


def _is_person(values: _Values) -> bool:
    """By objectClass; where it was not exported nobody can tell, and nobody is left out."""
    found = values.get("objectClass")
    if found is None:
        return True
    classes = {one.lower() for one in (found if isinstance(found, list) else [found])}
    return bool(classes & PEOPLE) and not classes & MACHINES


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
