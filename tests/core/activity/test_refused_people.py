"""Who is refused and not accepted since, and why, in a few words."""

from datetime import timedelta

import pytest

from scim_tui.core.activity.reasons import fix, why
from scim_tui.core.activity.refused import refused_people
from scim_tui.core.activity.refused_person import FixKind
from scim_tui.model.activity import Event
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.unknown_values import NEVER, UNKNOWN
from tests.fakes.sample import START

REFUSED = {"status": 409, "constraint": "userName.unique", "message": "Duplicate UserName"}


def event(number: int, **fields: object) -> Event:
    plain = {"operation": "CreateUser", "status": 201, "target": "ana@example.com"}
    at = START + timedelta(minutes=number)
    return Event.model_validate({"id": number, "at": at, "client": "Okta"} | plain | fields)


def test_tries_are_counted_from_the_first_to_the_newest() -> None:
    events = [
        event(3, **REFUSED, request_id="r-3", target="ANA@example.com"),
        event(1, **REFUSED, request_id="r-1"),
        event(2, **REFUSED, target="bo@example.com"),
    ]
    ana, bo = refused_people(events)
    assert (ana.person, ana.tries, ana.request_id) == ("ANA@example.com", 2, "r-3")
    assert (ana.first, ana.newest) == (events[1].at, events[0].at)
    assert (ana.rule, ana.why, ana.holder) == ("userName.unique", "userName is taken", UNKNOWN)
    assert bo.person == "bo@example.com"


@pytest.mark.parametrize(
    ("later", "still"),
    [
        ({"operation": "CreateUser"}, False),
        ({"operation": "PutUser"}, False),
        ({"operation": "DeleteUser", "status": 204}, False),
        ({"operation": "PatchUser", "status": 200}, True),
        ({"operation": "GetUser", "status": 200}, True),
        ({"operation": "CreateUser", "target": "bo@example.com"}, True),
        ({"operation": "CreateUser", "client": "scim-tui/1.0"}, True),
        ({"operation": "CreateUser", "way": "identitystore"}, True),
    ],
)
def test_who_was_accepted_since_is_left_out(later: dict[str, object], still: bool) -> None:
    found = refused_people([event(1, **REFUSED), event(2, **later)])
    assert bool(found) is still
    before = refused_people([event(2, **REFUSED), event(1, **later)])
    assert [each.tries for each in before] == [1], "an earlier success settles nothing"


def test_a_change_is_settled_by_the_same_kind_of_change() -> None:
    refused = event(1, operation="PatchUser", resource_id="u1", target=UNKNOWN, **REFUSED)
    accepted = event(2, operation="PatchUser", resource_id="u1", status=200)
    assert refused_people([refused])[0].person == "u1"
    assert refused_people([refused, accepted]) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 401},
        {"status": 403},
        {"status": 429},
        {"status": 409, "client": "scim-tui/1.0"},
        {"status": 409, "operation": "CreateGroup"},
        {"status": 409, "target": UNKNOWN},
        {"status": 409, "way": "identitystore"},
    ],
)
def test_what_says_nothing_about_a_person_is_left_out(fields: dict[str, object]) -> None:
    assert refused_people([event(1, **fields)]) == ()


@pytest.mark.parametrize(
    ("code", "message", "words", "kind", "attribute"),
    [
        ("userName.unique", "", "userName is taken", FixKind.IDP, "userName"),
        (
            "emails.single",
            "",
            "more than one e-mail address sent, one allowed",
            FixKind.MAPPING,
            "emails",
        ),
        ("name.familyName.required", "", "no last name was sent", FixKind.IDP, "name.familyName"),
        (
            "text.empty",
            "2 validation errors detected: Value at 'name.familyName' failed to satisfy constraint:"
            " x; Value at 'title' failed to satisfy constraint: x",
            "name.familyName is empty, and 1 more",
            FixKind.IDP,
            "name.familyName",
        ),
        (
            "text.empty",
            "1 validation error detected: Value at 'title' failed to satisfy constraint: x",
            "title is empty",
            FixKind.MAPPING,
            "title",
        ),
        (
            "attribute.unsupported",
            "Not taken: photos",
            "photos is not supported",
            "mapping",
            "photos",
        ),
        ("type.text", "", "an attribute is no text", FixKind.MAPPING, ""),
        ("", "Own words\x1b[2J", "Own words\\x1b[2J", FixKind.IDP, ""),
        ("", "", "refused with 400, no reason given", FixKind.IDP, ""),
    ],
)
def test_reason_and_fix(code: str, message: str, words: str, kind: FixKind, attribute: str) -> None:
    refusal = event(1, status=400, constraint=code, message=message)
    assert why(refusal) == words
    assert (fix(refusal).kind, fix(refusal).attribute) == (kind, attribute)
    assert fix(refusal).words.endswith(".")


@pytest.mark.parametrize("code", [code for code in CONSTRAINTS if not code.startswith("members.")])
def test_every_rule_has_words_for_a_person(code: str) -> None:
    not_of_people = {"group.displayName.unique", "put.group", "token.unauthorized", "rate.exceeded"}
    not_of_people |= {"filter.invalid", "cursor.invalid", "count.invalid"}
    own = why(event(1, status=400, constraint=code, message="their words"))
    assert (own == "their words") is (code in not_of_people)


def test_a_missing_id_is_named_by_its_status() -> None:
    (found,) = refused_people([event(1, operation="PatchUser", status=404, resource_id="u9")])
    assert (found.rule, found.holder) == ("resource.unknown", NEVER)
