"""The table `[watch]` of the config file."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from scim_tui.config.keys import SecretPlace
from scim_tui.config.watch import read_watch
from scim_tui.model.errors import UsageError

FILE = Path("config.toml")


def test_a_whole_table_is_read() -> None:
    found = read_watch(
        FILE,
        {
            "every": "5m",
            "remind": "0h",
            "quiet": "22:30-7:00",
            "most_an_hour": 3,
            "sinks": {
                "log": {"command": "logger -t 'scim tui'"},
                "chat": {"webhook_env": "HOOK", "template": "teams"},
            },
        },
    )
    assert (found.every, found.remind) == (timedelta(minutes=5), timedelta())
    assert found.quiet == (time(22, 30), time(7))
    log, chat = found.sinks
    assert log.command == ("logger", "-t", "scim tui")
    assert chat.webhook is not None
    assert (chat.webhook.source, chat.template) == (SecretPlace.ENV, "teams")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (3, "must be a table"),
        ({"evry": "5m"}, "unknown key"),
        ({"every": 60}, "must be a length of time"),
        ({"every": "1s"}, "too often"),
        ({"quiet": "25:00-07:00"}, "two times of the day"),
        ({"most_an_hour": 0}, "above 0"),
        ({"sinks": {"a": {}}}, "must name one place"),
        ({"sinks": {"a": {"webhook": "https://x"}}}, "unknown key"),
        ({"sinks": {"a": {"command": "x", "webhook_env": "Y"}}}, "must name one place"),
        ({"sinks": {"a": {"command": "'"}}}, "cannot be read"),
        ({"sinks": {"a": {"webhook_env": "X", "template": "irc"}}}, "is not known"),
    ],
)
def test_a_mistake_is_named_with_its_key(table: object, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_watch(FILE, table)
