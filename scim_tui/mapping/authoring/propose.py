"""Proposes a mapping for the columns of an export: by their names first, then by their values.

It has to be read and corrected: each line has a note with the reason, and unknown columns are
listed as comments at the end.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from scim_tui.mapping.authoring.column_names import MORE
from scim_tui.mapping.authoring.propose_status import StatusColumns, status_columns
from scim_tui.mapping.authoring.write import plain, toml_line
from scim_tui.mapping.base.folded_name import folded_name
from scim_tui.mapping.rules.idp_expression import quoted_name

MAX_COMMENTS = 200
_NAMES: dict[str, tuple[str, ...]] = {
    "userName": (
        "username",
        "login",
        "userprincipalname",
        "loginname",
        "primaryemail",
        "emailaddress",
        "upn",
        "uid",
        "samaccountname",
        "user",
        "account",
        "email",
        "mail",
    ),
    "name.givenName": (
        "givenname",
        "firstname",
        "first",
        "forename",
        "given",
        "vorname",
        "prenom",
    ),
    "name.familyName": (
        "familyname",
        "lastname",
        "surname",
        "last",
        "sn",
        "family",
        "nachname",
        "nom",
    ),
    "displayName": ("displayname", "fullname", "name", "cn", "commonname", "formatted"),
    "emails.value": (
        "mail",
        "email",
        "primaryemail",
        "emailaddress",
        "workemail",
        "userprincipalname",
        "emails",
    ),
    "externalId": (
        "externalid",
        "objectid",
        "id",
        "immutableid",
        "objectguid",
        "entryuuid",
        "uuid",
        "userid",
        "guid",
        "employeeid",
        "employeenumber",
    ),
    "active": (),
    "nickName": ("nickname",),
    "title": ("title", "jobtitle", "employeetitle", "position"),
    "userType": ("usertype", "employeetype"),
    "preferredLanguage": ("preferredlanguage", "language"),
    "locale": ("locale",),
    "timezone": ("timezone",),
    "phoneNumbers.value": (
        "workphone",
        "primaryphone",
        "telephonenumber",
        "businessphones",
        "phone",
        "phonenumber",
        "officenumber",
        "mobilephone",
        "mobile",
        "phonenumbers",
    ),
    "addresses.streetAddress": ("streetaddress", "street"),
    "addresses.locality": ("locality", "city", "l"),
    "addresses.region": ("region", "state", "st", "province"),
    "addresses.postalCode": ("postalcode", "zipcode", "zip"),
    "addresses.country": ("country", "countrycode", "co", "c"),
    "enterprise.employeeNumber": ("employeenumber", "employeeid", "employeeidentifier"),
    "enterprise.costCenter": ("costcenter",),
    "enterprise.organization": ("organization", "companyname", "company", "o"),
    "enterprise.division": ("division",),
    "enterprise.department": ("department", "departmentnumber"),
}
_SHARED = frozenset({"userName", "emails.value", "externalId", "enterprise.employeeNumber"})
"""Attributes that may use a column that another attribute uses already."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBERED = re.compile(r"\.\d+(\.|$)")
_Sample = Sequence[Mapping[str, Any]]


def propose(columns: Sequence[str], sample: _Sample, name: str = "people") -> str:
    """The TOML of a mapping for people with these columns."""
    paths = list(_paths(columns, sample))
    status = status_columns(
        {path: _word(path) for path in paths}, {path: _values(path, sample) for path in paths}
    )
    taken: dict[str, str] = {}
    for target, known in _NAMES.items():
        words = (*known, *MORE.get(target, ()))
        if path := _choice(target, words, paths, sample, {*taken.values(), *status.all}):
            taken[target] = path
    lines = [f"# Proposed for the columns of {plain(name)}: read each line before you use it.", ""]
    lines += list(_rules(taken, sample, status))
    unused = [path for path in paths if path not in {*taken.values(), *status.all}]
    if unused:
        lines += ["", "# Columns that no rule uses:"]
        lines += [f"#   {plain(path)}" for path in unused[:MAX_COMMENTS]]
    return "\n".join(lines) + "\n"


def _paths(columns: Sequence[str], sample: _Sample) -> Iterator[str]:
    """The columns, and the keys of objects inside, such as the profile of an Okta user."""
    counted = {column.partition(".")[0] for column in columns if _NUMBERED.search(column)}
    for column in columns:
        if column in counted:  # beside `phones.0.value` it only holds how many there are
            continue
        inner = [value for one in sample if isinstance(value := one.get(column), dict)]
        if inner:
            keys = dict.fromkeys(key for value in inner for key in value)
            yield from (f"{quoted_name(column)}.{quoted_name(key)}" for key in keys)
        else:
            yield quoted_name(column)


def _choice(
    target: str, words: tuple[str, ...], paths: list[str], sample: _Sample, taken: set[str]
) -> str:
    """The column with the best known name whose values fit the attribute; empty: none."""
    fits = _FITS.get(target)
    for word in words:
        for path in paths:
            if path in taken and target not in _SHARED:
                continue
            if word in _words(path) and (fits is None or fits(_values(path, sample))):
                return path
    if target == "emails.value":
        own = (path for path in paths if _words(path))
        return next((path for path in own if _are_addresses(_values(path, sample))), "")
    return ""


def _word(path: str) -> str:
    """The last key of a path, without case and signs."""
    return folded_name(_keys(path)[-1])


def _words(path: str) -> tuple[str, ...]:
    """The names of a path: its last key, and the last part of a column with dots.

    `name.givenName` is a given name and `emails[0].value` an address; of a manager, nothing is.
    """
    keys = _keys(path)
    whole = folded_name(keys[-1])
    steps = [step for step in re.split(r"[.\[\]]+", ".".join(keys)) if step]
    if any(folded_name(step) in _OTHERS for step in steps[:-1]):
        return ()
    while len(steps) > 1 and (steps[-1].isdigit() or steps[-1].lower() in ("value", "address")):
        steps.pop()
    return (whole, folded_name(steps[-1])) if steps else (whole,)


_OTHERS = frozenset(
    {"manager", "supervisor", "reportsto", "createdby", "updatedby", "lastmodifiedby"}
)
"""Keys whose objects describe another person than the one of the row."""


def _values(path: str, sample: _Sample) -> list[object]:
    found: list[object] = []
    for one in sample:
        value: object = one
        for key in _keys(path):
            value = value.get(key) if isinstance(value, Mapping) else None
        if value not in (None, "", []):
            found.append(value)
    return found


def _keys(path: str) -> list[str]:
    return [
        json.loads(part) if part.startswith('"') else part
        for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^."]+', path)
    ]


def _are_addresses(values: list[object]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    hits = sum(1 for text in texts if _ADDRESS.fullmatch(text))
    return bool(texts) and hits * 10 >= len(values) * 8


def _are_texts(values: list[object]) -> bool:
    return not any(isinstance(value, dict | bool) for value in values)


def _differ(values: list[object]) -> bool:
    texts = [str(value) for value in values]
    return _are_texts(values) and len(set(texts)) == len(texts)


_FITS: dict[str, Callable[[list[object]], bool]] = {
    "userName": _differ,
    "externalId": _differ,
    "displayName": _are_texts,
    "name.givenName": _are_texts,
    "name.familyName": _are_texts,
}


def _rules(taken: Mapping[str, str], sample: _Sample, status: StatusColumns) -> Iterator[str]:
    for target in _NAMES:
        path = taken.get(target, "")
        if target == "active":
            yield from status.lines()
        elif target == "displayName" and not path:
            yield from _joined(taken)
        elif path:
            source = _first(path, sample) if "." in target else path
            yield toml_line(target, {"source": source, "note": _why(target, path, sample)})
        elif target in ("userName", "name.givenName", "name.familyName", "emails.value"):
            yield f"# {json.dumps(target)}: no column was found, and it is needed."
        yield from _labels(target, path)


def _first(path: str, sample: _Sample) -> str:
    """One value of several, as Identity Center takes one."""
    values = _values(path, sample)
    if any(isinstance(value, list) for value in values):
        inner = [one for value in values if isinstance(value, list) for one in value]
        return f"first({path}[].value)" if _are_objects(inner) else f"first({path})"
    return path


def _are_objects(values: list[object]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def _why(target: str, path: str, sample: _Sample) -> str:
    values = _values(path, sample)
    note = f"the column {path}"
    if target == "externalId" and (_are_addresses(values) or "name" in _word(path)):
        note += "; it changes with the person's name or address: better take an id"
    if target == "userName" and values and not _are_addresses(values):
        note += "; it is no address, and has to equal the SAML NameID"
    if not values:
        note += "; it was empty in all people that were looked at"
    return note


def _joined(taken: Mapping[str, str]) -> Iterator[str]:
    given, family = taken.get("name.givenName"), taken.get("name.familyName")
    if given and family:
        note = "no column for it: first and last name"
        source = f"join(' ', {given}, {family})"
        yield toml_line("displayName", {"source": source, "note": note})
    else:
        yield '# "displayName": no column was found, and it is needed.'


def _labels(target: str, path: str) -> Iterator[str]:
    root = target.partition(".")[0]
    if not path or target not in ("emails.value", "phoneNumbers.value", "addresses.streetAddress"):
        return
    yield toml_line(f"{root}.type", {"const": "work", "note": "the type of the one value"})
    if root == "emails":
        yield toml_line("emails.primary", {"const": True, "note": "an address must be primary"})
