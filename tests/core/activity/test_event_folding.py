"""Look-ups before a create are folded into it, and equal look-ups into one row."""

from datetime import timedelta

from scim_tui.core.activity.folding import FoldedEvent, fold
from scim_tui.model.activity import Event
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.sample import START


def event(number: int, operation: str, target: str = "ana", **more: object) -> Event:
    plain = {"id": number, "at": START + timedelta(seconds=number), "status": 200}
    plain |= {"operation": operation, "target": target, "token_id": "t", "client": "Okta"}
    return Event.model_validate(plain | more)


def ids(rows: list[FoldedEvent]) -> list[list[int]]:
    return [[each.id for each in row.all_events] for row in rows]


def test_what_belongs_to_a_create() -> None:
    assert ids(
        fold(
            [
                event(9, "CreateUser", status=409),
                event(8, "ListUsers", "ANA"),
                event(7, "ListUsers", UNKNOWN),
                event(6, "ListUsers", "bo"),
            ]
        )
    ) == [[9, 8, 7], [6]]


def test_what_does_not() -> None:
    for other in (
        event(8, "ListGroups"),
        event(8, "PatchUser"),
        event(8, "ListUsers", token_id="other"),
        event(8, "ListUsers", client="curl"),
        event(8, "ListUsers", status=400),
        event(8, "ListUsers", at=START - timedelta(minutes=1)),
    ):
        assert ids(fold([event(9, "CreateUser"), other])) == [[9], [8]]


def test_equal_lookups_are_one_row() -> None:
    lookups = [event(9, "GetUser"), event(8, "GetUser"), event(7, "GetUser", "bo")]
    assert ids(fold([*lookups, event(6, "PutUser")])) == [[9, 8], [7], [6]]
    assert ids(fold([event(9, "PutUser"), event(8, "PutUser")])) == [[9], [8]]
