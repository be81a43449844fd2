"""The order of the requests on the screen: by the time that is shown."""

from datetime import timedelta

from scim_tui.model.activity import Event
from scim_tui.tui.activity.log import Log, fields_of_event
from tests.fakes.sample import START


def event(number: int, minutes: int) -> Event:
    at = START + timedelta(minutes=minutes)
    return Event(id=number, at=at, operation="ListUsers", status=401)


def shown(log: Log[Event]) -> list[int]:
    return [each.id for each in log.shown]


def test_requests_that_are_one_event_stand_at_the_newest_of_them() -> None:
    log: Log[Event] = Log(lambda each: str(each.id), fields_of_event, lambda each: each.at)
    log.start([event(9, 9), event(8, 8), event(7, 30)], complete=False)
    assert shown(log) == [7, 9, 8]
    log.prepend([event(10, 40), event(11, 20)])
    assert shown(log) == [10, 7, 11, 9, 8]
    log.append([event(3, 35)], complete=True)
    assert shown(log) == [10, 3, 7, 11, 9, 8]
    assert [each.id for each in log.entries] == [10, 11, 9, 8, 7, 3], "by number, to page by"
