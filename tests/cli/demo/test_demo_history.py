"""The past of a demo: a week of requests, refused people with what was sent, one rotation."""

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scim_tui.cli.demo.backend import _prepare_store
from scim_tui.cli.demo.earlier_rotation import ACTOR
from scim_tui.cli.demo.history import History
from scim_tui.core.activity.refused import refused_people
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.rotation.journal import Journal
from scim_tui.demo.past_week import BURST, THROTTLED, past_week
from scim_tui.demo.people import found_company
from scim_tui.model.activity import Event
from scim_tui.model.ages import span
from scim_tui.service.store import folder as data
from scim_tui.service.store import history as events_of
from scim_tui.service.store import tokens
from scim_tui.service.store.kept_requests import FILE, KeptRequests
from scim_tui.service.store.store import Store

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
PEOPLE = 60


def made(folder: Path) -> tuple[History, list[Event]]:
    company, _ = found_company(3, PEOPLE)
    now = datetime.now(UTC)
    history = History(company, 3, now)
    _prepare_store(folder, history)
    history.write_files(folder)
    with closing(Store(data.database(folder))) as store:
        store.submit(history.write_directory).result()
        found: list[Event] = []
        before = None
        while page := events_of.events(store.reader(), limit=1000, before=before).events:
            found += page
            before = page[-1].id
    return history, found


def test_the_week_follows_from_the_seed_and_the_hour() -> None:
    company, _ = found_company(3, PEOPLE)
    assert past_week(company, 3, NOW) == past_week(company, 3, NOW)
    assert past_week(company, 4, NOW) != past_week(company, 3, NOW)


def test_nights_are_quiet_and_a_burst_and_a_throttled_hour_stand_out() -> None:
    company, _ = found_company(3, PEOPLE)
    found = past_week(company, 3, NOW)
    assert max(each.ago for each in found) > timedelta(days=6)
    assert min(each.ago for each in found) > timedelta(minutes=1)
    hours = Counter((NOW - each.ago).hour for each in found if each.ago > timedelta(hours=24))
    assert max(hours[hour] for hour in (1, 2, 3)) < min(hours[hour] for hour in (9, 10, 11))
    ages = Counter(int(each.ago / timedelta(hours=1)) for each in found)
    assert ages[BURST - 1] > 100
    throttled = [each.ago for each in found if each.status == 429]
    assert all(THROTTLED - 1 <= ago / timedelta(hours=1) <= THROTTLED for ago in throttled)


def test_all_refused_people_are_there_with_their_cause_and_what_was_sent(tmp_path: Path) -> None:
    _, events = made(tmp_path)
    people = refused_people(events)
    assert {each.rule for each in people} == {
        "emails.single",
        "text.empty",
        "emails.unique",
        "userName.pattern",
    }
    assert sorted(each.tries for each in people) == [3, 5, 7, 9, 11]
    day = [each for each in people if datetime.now(UTC) - each.newest < timedelta(hours=24)]
    assert len(day) == len(people) == 5
    kept = KeptRequests(tmp_path / FILE)
    for each in people:
        sent = kept.find(each.request_id)
        assert sent is not None
        assert sent.body["userName"] == each.user_name
    with closing(Store(data.database(tmp_path))) as store:
        sql = "SELECT user_name FROM users WHERE id = ?"
        (taken,) = [each for each in people if each.rule == "emails.unique"]
        assert store.reader().execute(sql, (taken.holder_id,)).fetchone() == ("m.rossi",)


def test_events_are_about_people_and_groups_that_are_there(tmp_path: Path) -> None:
    _, events = made(tmp_path)
    with closing(Store(data.database(tmp_path))) as store:
        ids = {row[0] for row in store.reader().execute("SELECT id FROM users")}
        ids |= {row[0] for row in store.reader().execute("SELECT id FROM groups")}
        (token,) = tokens.listed(store.reader())
        traffic = events_of.traffic(
            store.reader(), datetime.now(UTC) - timedelta(hours=24), datetime.now(UTC)
        )
    assert {str(each.resource_id) for each in events} - ids == {"unknown"}
    assert span(datetime.now(UTC) - token.created_at) == "337d"  # type: ignore[operator]
    assert token.requests == len(events)
    assert sum(1 for accepted, _ in traffic.hours if accepted) > 8
    assert traffic.throttled == 60


@pytest.mark.parametrize("times", [1, 2])
async def test_the_finished_rotation_is_a_receipt_with_its_audit_entries(
    tmp_path: Path, times: int
) -> None:
    history, _ = made(tmp_path)
    for _ in range(times - 1):
        history.write_files(tmp_path)
    assert history.tokens is not None
    old, new = history.tokens
    (receipt,) = Journal.of(tmp_path, ACTOR).all()
    assert not receipt.open
    assert (receipt.old.id, receipt.label) == (old.id, new.id)
    assert receipt.started_at < new.created_at  # type: ignore[operator]
    trail = AuditTrail(tmp_path / "audit.jsonl", actor=ACTOR, profile="demo", via="tui")
    assert (await trail.verify()).ok
    entries = await trail.entries()
    assert len(entries) == 5
    assert {each.target for each in entries} == {"", old.id, new.id, receipt.id}
