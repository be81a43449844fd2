"""`[profiles.NAME.thresholds]` and `expect` in the config file."""

from pathlib import Path

import pytest

from scim_tui.config.profile_table import profile_of
from scim_tui.config.schema import schema
from scim_tui.model.errors import UsageError
from scim_tui.model.thresholds import Thresholds

FILE = Path("config.toml")


def test_a_profile_sets_some_thresholds_and_keeps_the_others() -> None:
    found = profile_of(FILE, "p", {"thresholds": {"token_warn_days": 45}, "expect": "off"})
    assert found.thresholds == Thresholds(token_warn_days=45)
    assert found.expect_off


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"thresholds": {"token_warn_day": 1}}, "token_warn_day is not known"),
        ({"thresholds": {"token_warn_days": 1.5}}, "must be a whole number"),
        ({"thresholds": {"mass_percent": -1}}, "0 or more"),
        ({"thresholds": {"mass_percent": True}}, "must be a number"),
        ({"thresholds": 3}, "must be a table"),
        ({"expect": "maybe"}, "must be on or off"),
    ],
)
def test_a_wrong_threshold_is_refused_with_its_key(table: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        profile_of(FILE, "p", table)


def test_the_schema_knows_each_threshold() -> None:
    profile = schema()["properties"]["profiles"]["additionalProperties"]
    assert set(profile["properties"]["thresholds"]["properties"]) == set(Thresholds.__slots__)
