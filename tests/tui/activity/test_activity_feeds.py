"""What the Activity screen keeps of the log: each request once, and not without end."""

import pytest

from scim_tui.model.activity import Event
from scim_tui.tui.activity import feeds as activity_feeds
from scim_tui.tui.activity.feeds import EntryFeed
from scim_tui.tui.activity.log import Log, fields_of_event
from scim_tui.tui.activity.sources import RequestSource
from tests.tui.lists_kit import request


def test_what_was_fetched_twice_is_kept_once() -> None:
    feed = EntryFeed(RequestSource())
    feed.take(activity_feeds.FetchResult("newest", 0, [request(5), request(4)]))
    feed.take(activity_feeds.FetchResult("newer", 0, [request(7), request(6), request(5)]))
    feed.take(activity_feeds.FetchResult("older", 0, [request(4), request(3)], complete=True))
    assert [event.id for event in feed.log.entries] == [7, 6, 5, 4, 3]
    feed.forget()
    feed.take(activity_feeds.FetchResult("newer", 0, [request(9)]))
    assert not feed.log.entries, "an answer from before is not taken"


def test_a_log_that_grows_too_long_lets_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scim_tui.tui.activity.log.MOST", 4)
    log = Log[Event](lambda event: str(event.id), fields_of_event)
    log.start([request(3), request(2), request(1)], complete=True)
    log.prepend([request(5), request(4)])
    assert [event.id for event in log.shown] == [5, 4, 3, 2]
    assert not log.complete
