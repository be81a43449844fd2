"""Every user action, once: keys, key line, `:` commands, help and reasons all come from here."""

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
    """The same from the shell, without the program's name."""
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
    Action("help", "question_mark,f1", "help", "Help for this screen.", hint=False),
)

STATUS = (
    Action("open", "enter,d", "open", "Go to the screen that explains the signal."),
    Action("enable", "E", "enable", "Switch provisioning on; makes the endpoint and a first token.",
           "provisioning enable", changes=True),
    Action("disable", "X", "disable..", "Switch provisioning off. Asks for DISABLE.",
           "provisioning disable --confirm DISABLE", changes=True),
    Action("rotate", "R", "rotate", "Replace the token in use without a gap, or go on with it.",
           "tokens rotate", changes=True),
    Action("test", "T", "test", "Look at the connection: DNS, TLS, clock, token, permissions.",
           "profiles test"),
    Action("findings", "f", "findings", "What is wrong in the directory, with the lists.",
           "users findings", hint=False),
)  # fmt: skip

TOKENS = (
    Action("create", "C", "create", "Generate a token; its secret is shown once.",
           "tokens create --secret-to file:PATH", changes=True),
    Action("delete", "D", "delete..", "Delete the token under the cursor. Asks for DELETE.",
           "tokens delete ID --confirm DELETE", changes=True),
    Action("rotate", "R", "rotate", "Replace the token in use without a gap, or go on with it.",
           "tokens rotate", changes=True),
    Action("suspend", "Z", "switch off/on",
           "Refuse the token until it is switched on again. Asks for SUSPEND.",
           "tokens suspend ID --confirm SUSPEND", changes=True, hint=False),
    Action("record", "i", "record", "Write down the id and the end of a token not listed here.",
           "tokens record ID --expires DAY"),
    Action("disable", "X", "disable..", "Switch provisioning off. Asks for DISABLE.",
           "provisioning disable --confirm DISABLE", changes=True),
)  # fmt: skip

MAPPING = (
    Action("next_failure", "n", "next problem", "Go to the next person who would be refused.",
           "mapping check --people FILE --mapping FILE"),
    Action("previous_failure", "N", "previous", "Go to the previous person who would be refused.",
           hint=False),
    Action("filter", "slash", "filter", "Find people by any part of the name in the list."),
    Action("facets", "f", "facets", "Show only one finding or kind of change, with its count."),
    Action("edit", "c", "edit mapping", "Change the mapping in $EDITOR; saving checks again."),
    Action("compare", "V", "compare", "Compare everybody with the directory; only reads.",
           "mapping check --people FILE --mapping FILE --against directory"),
    Action("push", "U", "push one", "Provision this one person now; shows the request and asks.",
           "mapping push --people FILE --mapping FILE --person NAME --yes", changes=True),
    Action("report", "e", "report", "Write a report: .html, .csv or .json.",
           "mapping check --people FILE --mapping FILE --report FILE.html"),
    Action("people", "u", "people", "Load people: CSV, JSON, JSONL, LDIF, or the directory.",
           hint=False),
    Action("rules", "m", "mapping", "Load a mapping: a TOML file, or one that comes with us.",
           hint=False),
    Action("groups", "b", "groups file", "Load groups with their members, or those of a column.",
           "mapping check --people FILE --groups FILE", hint=False),
    Action("other_side", "o", "groups", "Groups and memberships, or the people again."),
    Action("notes", "s", "to know", "What there is to know about the files.", hint=False),
    Action("assigned", "i", "assigned", "Say who is assigned: a second file, or a column.",
           hint=False),
    Action("what_if", "w", "what if", "Type one person in and see what would be sent.",
           hint=False),
    Action("open", "enter,d", "open", "Show the person whole, or go back to the list.",
           hint=False),
    Action("next_tab", "tab", "tabs", "Findings, payload, trace, changes.", hint=False),
    Action("left", "h,left", "tab left", "The tab to the left.", hint=False),
    Action("right", "l,right", "tab right", "The tab to the right.", hint=False),
    Action("raw", "v", "payload", "The payload as JSON, or back.", hint=False),
)  # fmt: skip

DIRECTORY = (
    Action("open", "enter,d", "open", "Show the record whole, or go back to the list."),
    Action("filter", "slash", "filter", "Find by any part of a name, address or id.",
           "users list --search TEXT"),
    Action("next_tab", "tab", "users/groups", "Users or groups; in the detail: the next pane."),
    Action("previous_tab", "shift+tab", "groups/users", "As Tab, the other way round.", hint=False),
    Action("left", "h,left", "left", "In the detail the tab to the left; else scroll the columns.",
           hint=False),
    Action("right", "l,right", "right", "In the detail the tab to the right; else scroll.",
           hint=False),
    Action("go_row", "apostrophe", "go to row", "Go to the row that begins with what you type.",
           hint=False),
    Action("more", "right_square_bracket", "read on",
           "More members in the detail; or take up a listing that ended early.", hint=False),
    Action("first", "left_square_bracket", "first row", "Back to the first row.", hint=False),
    Action("sort", "s", "sort", "Choose the column to sort by, up or down."),
    Action("facets", "f", "facets", "Ready-made filters, and what is wrong in the directory."),
    Action("columns", "c", "columns", "Choose the columns, their order and widths.", hint=False),
    Action("all_columns", "w", "all columns", "All columns, scrolled with h and l, or what fits.",
           hint=False),
    Action("mark", "space", "mark", "Mark this row, or take its mark away."),
    Action("mark_all", "asterisk", "mark all", "Mark all that were found.", hint=False),
    Action("unmark", "minus", "unmark", "Take all marks away.", hint=False),
    Action("mark_others", "i", "invert", "Mark those found that have no mark, and only them.",
           hint=False),
    Action("mark_range", "M", "mark range", "Mark from the newest mark to this row.", hint=False),
    Action("raw", "v", "raw", "The record as JSON.", "users show ID"),
    Action("export", "e", "export", "Write what is shown, or marked, to a new file.",
           "users list --out FILE"),
    Action("events", "o", "requests", "What the IdP asked about this one, on Activity.",
           "activity", hint=False),
    Action("next_row", "n", "next", "The next row, also from the detail.", hint=False),
    Action("previous_row", "N", "previous", "The previous row, also from the detail.", hint=False),
)  # fmt: skip

ACTIVITY = (
    Action("open", "enter,d", "open", "Show the entry whole, or go back to the list."),
    Action("filter", "slash", "filter", "Find by operation, target, result or reason."),
    Action("facets", "f", "refused only", "Show refused requests only, or all.",
           "activity --failures"),
    Action("next_tab", "tab", "audit", "Requests of the IdP, or the operators' audit.",
           "audit"),
    Action("follow", "F", "follow", "Keep the cursor on the newest entry, or let it rest."),
    Action("go_to", "o", "go to object", "Show the user or group of this entry in the directory."),
    Action("next_row", "n", "next", "The next row, also from the detail.", hint=False),
    Action("previous_row", "N", "previous", "The previous row, also from the detail.", hint=False),
)  # fmt: skip

ROTATION = (
    Action("go_on", "enter", "go on", "Do what comes next; what deletes asks for a typed word.",
           "tokens rotate --resume"),
    Action("unproven", "O", "delete without full proof..",
           "Accept less proof: asks for a reason, the token's id and DELETE.", changes=True),
    Action("suspend", "Z", "switch off/on",
           "Switch the old token off for a cycle before it goes, or on again.",
           "tokens rotate --suspend", changes=True),
    Action("trigger", "u", "make it speak", "Let the IdP send something now, or tell how."),
    Action("test", "T", "test again", "Test the new token ourselves, or let the IdP test it.",
           changes=True),
    Action("secret", "S", "secret again", "Show the secret dialog again while it is in memory.",
           changes=True),
    Action("by_hand", "n", "done by hand", "Say that the text is already where it belongs."),
    Action("discard", "D", "discard..", "Delete the new token and make another. Asks for DELETE.",
           changes=True),
    Action("abort", "A", "abort..", "Stop, and clean up what was made, after asking.",
           "tokens rotate --abort", changes=True),
    Action("export", "e", "export", "Write the receipt to a new file; it holds no secret.",
           "tokens rotate --status"),
    Action("background", "b", "background", "Go back; watching goes on, and the state is kept."),
    Action("next_tab", "tab", "steps", "All eight steps with evidence and time, or this one."),
)  # fmt: skip

BY_SCREEN: dict[str, tuple[Action, ...]] = {
    "status": STATUS,
    "tokens": TOKENS,
    "mapping": MAPPING,
    "directory": DIRECTORY,
    "activity": ACTIVITY,
    "rotation": ROTATION,
}


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Bindings that all lead to one place, so that a reason can be told when one is off."""
    return [Binding(action.keys, f"do('{action.id}')", action.label) for action in actions]


def find(actions: Sequence[Action], id: str) -> Action:
    """The action with this id. Raises `KeyError`."""
    return next((action for action in actions if action.id == id), None) or _unknown(id)


def _unknown(id: str) -> Action:
    raise KeyError(id)
