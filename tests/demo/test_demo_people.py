import csv
import io
import time
import unicodedata
from collections import Counter

from scim_tui.demo.export import COLUMNS, people_csv
from scim_tui.demo.names import CULTURES
from scim_tui.demo.people import Company, Hiring, found_company
from scim_tui.demo.refused_people import made_by_hand, refused_people
from scim_tui.mapping.check.batch import UniqueValues, keys_of
from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.presets import DEFAULT, preset
from scim_tui.mapping.read.people import people_in
from scim_tui.model.violations import group_violations, user_violations


def company(seed: int = 1) -> Company:
    return found_company(seed)[0]


def test_the_same_seed_is_the_same_company() -> None:
    assert company(5) == company(5)
    assert company(5) != company(6)
    first, again = found_company(5)[1], found_company(5)[1]
    assert [first.hire() for _ in range(20)] == [again.hire() for _ in range(20)]


def test_there_are_2000_people_and_120_groups_in_no_time() -> None:
    started = time.process_time()
    made = company()
    assert time.process_time() - started < 1
    assert (len(made.people), len(made.teams)) == (2000, 120)
    assert max(len(team.members) for team in made.teams) > 1000
    assert all(team.members for team in made.teams)


def test_no_two_people_collide() -> None:
    people, hiring = company().people, Hiring(1)
    assert len({person.user_name for person in people}) == 2000
    assert len({person.external_id for person in people}) == 2000
    assert len({team.name.lower() for team in company().teams}) == 120
    assert len({hiring.hire().user_name for _ in range(3000)}) == 3000


def test_the_directory_accepts_every_user_and_group() -> None:
    made = company()
    for person in made.people:
        assert not list(user_violations(person.scim("id")))
    for team in made.teams:
        assert not list(group_violations({"displayName": team.name, "externalId": "g"}))


def test_names_come_in_many_scripts_and_logins_in_ascii() -> None:
    people = company().people
    scripts = {unicodedata.name(person.family[0]).split()[0] for person in people}
    assert scripts >= {
        "LATIN",
        "CYRILLIC",
        "GREEK",
        "GEORGIAN",
        "ARMENIAN",
        "ARABIC",
        "HEBREW",
        "DEVANAGARI",
        "BENGALI",
        "TAMIL",
        "CJK",
        "HANGUL",
        "THAI",
        "ETHIOPIC",
    }
    for person in people:
        assert person.user_name.isascii()
        assert person.user_name.endswith("@corp.example")
        assert person.user_name == person.user_name.lower()
        assert "_" not in person.given + person.family + person.display


def test_every_word_has_an_ascii_spelling_and_is_composed() -> None:
    for culture in CULTURES:
        for word in (*culture.given, *culture.family):
            assert word.ascii.isascii(), word
            assert unicodedata.normalize("NFC", word.native) == word.native
        assert len(culture.given) * len(culture.family) >= 25


def test_managers_are_above() -> None:
    people = company().people
    assert people[0].manager is None
    assert all(p.manager is not None and p.manager < p.number for p in people[1:])


def test_refused_people_are_refused_or_cause_a_conflict() -> None:
    there = made_by_hand()
    batch = UniqueValues(len(there), there.__getitem__)
    for place, user in enumerate(there):
        assert not list(user_violations(user))
        batch.take(keys_of(user), place)
    reasons = {
        next((v.code for v in user_violations(user)), "")
        or next(f.code for f in batch.collisions(keys_of(user), len(there)))
        for user in refused_people()
    }
    assert reasons == {"emails.single", "text.empty", "emails.unique", "userName.pattern"}


def test_the_export_is_true_and_partly_broken() -> None:
    text = people_csv(company().people)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) >= 200
    assert tuple(rows[0]) == COLUMNS
    people = list(people_in(text.encode(), "people.csv"))
    payloads = [apply(preset(DEFAULT), person.source) for person in people]
    broken = [
        payload
        for payload in payloads
        if any(finding.severity is Severity.ERROR for finding in payload.findings)
    ]
    assert 5 <= len(broken) <= 40
    assert len({finding.code for payload in broken for finding in payload.findings}) >= 5
    whole = company().people[0]
    assert payloads[0].user["userName"] == whole.user_name
    assert payloads[0].user["externalId"] == whole.external_id
    assert payloads[0].user["active"] is whole.active


def test_few_people_share_a_name() -> None:
    for seed in (1, 7):
        shown = Counter(person.display for person in company(seed).people)
        assert 0 < sum(count for count in shown.values() if count > 1) < 60
