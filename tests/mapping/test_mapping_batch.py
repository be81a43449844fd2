"""Unique values, records in a file, and the quick look: each against its slow and plain twin."""

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.broken import broken_people
from scim_tui.core.mapping.spool import Spool
from scim_tui.mapping.check import batch
from scim_tui.mapping.check.batch import Slots, UniqueValues, keys_of
from scim_tui.model.fast_check import is_plain_user
from scim_tui.model.violations import user_violations


@given(st.lists(st.sampled_from([f"k{n}" for n in range(12)]), max_size=60))
def test_slots_know_every_owner(keys: list[str]) -> None:
    slots = Slots(len(keys))
    for index, key in enumerate(keys):
        slots.put(key, index)
    for key in {*keys, "other"}:
        owners = [index for index, each in enumerate(keys) if each == key]
        assert [index for index in slots.owners(key) if keys[index] == key] == owners
        assert slots.may_have(key) or not owners


def test_two_values_of_one_hash_are_no_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "hash", lambda key: 7, raising=False)
    users = [{"userName": "a"}, {"userName": "b"}, {"userName": "A"}]
    taken = UniqueValues(3, users.__getitem__)
    taken.take(keys_of(users[0]), 0)
    assert taken.collisions(keys_of(users[1]), 1) == ()
    taken.take(keys_of(users[1]), 1)
    assert [finding.other for finding in taken.collisions(keys_of(users[2]), 2)] == [0]


def test_records_are_read_as_they_were_added() -> None:
    records = Spool()
    values: list[Any] = [{"a": [n, None, True, "\ud800", 1.5]} for n in range(300)]
    for value in values:
        records.add(value)
    assert records[299] == values[299]
    assert records.stretch(5, 200) == values[5:200]
    records.add("after")
    assert (len(records), records[299], records[300]) == (301, values[299], "after")
    records.close()


def test_large_records_go_to_the_file() -> None:
    records = Spool()
    for n in range(40):
        records.add(str(n) * 50_000)
    assert records[0] == "0" * 50_000
    assert records[39] == "39" * 50_000
    del records
    gc.collect()


def test_the_quick_look_never_takes_what_breaks_a_rule() -> None:
    quick = 0
    for person in broken_people(seed=7, count=4_000):
        user = {key: value for key, value in person.items() if key not in ("number", "manager")}
        user.pop("department", None)
        if is_plain_user(user):
            quick += 1
            assert not list(user_violations(user)), user
    assert quick > 1_000, "most whole people pass it"
