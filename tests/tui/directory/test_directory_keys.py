"""The keys of the Directory: each leads to one thing, and those of the common map are there."""

from collections import Counter

from textual.binding import Binding

from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.shell.actions import EVERYWHERE, SCREENS
from scim_tui.tui.shell.screen_actions import DIRECTORY
from scim_tui.tui.widgets.table import Table

COMMON = frozenset(
    {
        "1",
        "2",
        "3",
        "4",
        "5",
        "slash",
        "n",
        "N",
        "f",
        "s",
        "w",
        "v",
        "y",
        "e",
        "r",
        "f5",
        "P",
        "p",
        "a",
        "colon",
        "question_mark",
        "f1",
        "h",
        "l",
        "left",
        "right",
        "tab",
        "shift+tab",
        "enter",
        "d",
        "escape",
        "q",
        "space",
        "asterisk",
        "minus",
        "right_square_bracket",
        "left_square_bracket",
        "ctrl+c",
        "ctrl+l",
        "apostrophe",
        "o",
        "c",
        "i",
        "M",
    }
)
MOTIONS = frozenset(
    {
        "up",
        "k",
        "down",
        "j",
        "pageup",
        "pagedown",
        "ctrl+u",
        "ctrl+d",
        "home",
        "g",
        "end",
        "G",
    }
)


def keys_of_actions() -> list[str]:
    actions = (*DIRECTORY, *EVERYWHERE, *SCREENS)
    return [key for action in actions for key in action.keys.split(",")]


def test_every_key_of_the_map_does_something_and_only_one_thing() -> None:
    found = Counter(keys_of_actions())
    assert set(found) >= COMMON
    assert [key for key, count in found.items() if count > 1] == []
    moves = {
        key for each in Table.BINDINGS if isinstance(each, Binding) for key in each.key.split(",")
    }
    assert moves >= MOTIONS
    assert set(found) & moves == {"enter", "d"}, "the row is opened, by whoever has the keys"


def test_every_action_has_what_carries_it_out() -> None:
    actions = (*DIRECTORY, *EVERYWHERE)
    page = DirectoryPage()
    missing = [
        action.id
        for action in actions
        if action.id not in page.part_actions and not hasattr(page, f"do_{action.id}")
    ]
    assert missing == []


def test_what_changes_the_directory_is_left_to_the_idp() -> None:
    assert not any(action.changes for action in DIRECTORY)
