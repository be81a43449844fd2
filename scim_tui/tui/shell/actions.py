"""User actions: keys, key line, `:` commands, help and reasons are all made from these."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do. The screen has a method `do_<id>` for it."""

    id: str
    keys: str
    """As Textual names them, separated by commas; the first is the one that is shown."""
    label: str
    """For the key line; two dots say that a word must be typed."""
    help: str
    command: str = ""
    """The command line that does the same, without the program's name."""
    changes: bool = False
    """Changes something outside this machine, so read-only forbids it."""
    hint: bool = True
    """Shown in the key line while there is room."""

    @property
    def key(self) -> str:
        """The key as people write it."""
        first = self.keys.partition(",")[0]
        return KEY_NAMES.get(first, first)


KEY_NAMES = {
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "enter": "Enter",
    "escape": "Esc",
    "tab": "Tab",
    "shift+tab": "S-Tab",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "ctrl+l": "Ctrl-L",
    "ctrl+c": "Ctrl-C",
    "space": "Space",
    "asterisk": "*",
    "minus": "-",
    "apostrophe": "'",
    "exclamation_mark": "!",
}

SCREENS = (
    Action("status", "1", "status", "Is provisioning on, healthy and fresh?", hint=False),
    Action("tokens", "2", "tokens", "Access tokens: who uses them, when they end.", hint=False),
    Action("mapping", "3", "mapping", "What a mapping would send, and who is refused.", hint=False),
    Action("directory", "4", "directory", "Users and groups as they are.", hint=False),
    Action("activity", "5", "activity", "What the IdP did, and what operators did.", hint=False),
)

EVERYWHERE = (
    Action("refresh", "r,f5", "refresh", "Ask the server again now."),
    Action("pause", "P", "pause", "Stop the live updates, or go on with them."),
    Action("copy", "y", "copy", "Copy what the cursor is on: endpoint, id or address."),
    Action("profiles", "p", "profile", "Switch to another profile.", hint=False),
    Action(
        "write",
        "W",
        "allow changes..",
        "End read-only here, or begin it. Asks for WRITE.",
        hint=False,
    ),
    Action("command", "colon", "command", "Type a command; Tab completes it.", hint=False),
    Action("actions", "a", "actions", "All actions of this screen, with the reasons of those off."),
    Action("theme", "t", "theme", "Dark, light, or the terminal's own colours.", hint=False),
    Action("redraw", "ctrl+l", "redraw", "Draw the screen again.", hint=False),
    Action("stop", "ctrl+c", "stop", "Stop the running request; twice: quit.", hint=False),
    Action("back", "escape", "back", "Go back one step, clear, cancel.", hint=False),
    Action("quit", "q", "quit", "Close this layer; at the top: leave.", hint=False),
    Action(
        "details",
        "exclamation_mark",
        "details",
        "What did not work inside this program, and the file about it.",
        hint=False,
    ),
    Action("help", "question_mark,f1", "help", "Help for this screen.", hint=False),
)


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Bindings that all call `action_do`, which says why an action is off."""
    return [Binding(action.keys, f"do('{action.id}')", action.label) for action in actions]


def find(actions: Sequence[Action], id: str) -> Action:
    """The action with this id. Raises `KeyError`."""
    return next((action for action in actions if action.id == id), None) or _unknown(id)


def _unknown(id: str) -> Action:
    raise KeyError(id)
