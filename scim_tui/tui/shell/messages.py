"""The sentences, titles and help of the shell: the frame, its dialogs, and the changes.

What an action is called and what it does stands in `actions.py` and `screen_actions.py`.
"""

from datetime import datetime

NOTHING_RUNS = "Nothing is running."
ASKING_AGAIN = "Asking the server again."
NOTHING_TO_COPY = "Nothing to copy here."
READ_ONLY = "This profile is open read-only. W asks to allow changes."
NOT_OPEN = "The connection is not open yet."
NO_ANSWER = "The server does not answer; changes wait until it does."
NO_FAULT = "nothing inside this program has failed."
REASON_FAILED = "this program failed to look whether it may be done. ! shows why."
CHANGE_RUNS = "A change is being made here; its answer is awaited first."
LEAVING_LOSES_IT = "The new secret of a rotation is in memory only: R goes on with it."

OPENING = "opening the connection"
SCREENS_AND_HELP = "p  :  ? help "
TOO_SMALL = " needs 60x15, or scim-tui doctor"
PAUSED, TRYING = "paused, r tries again", "trying again"

LEAVE = "Leave scim-tui?"
YES_LEAVE = "yes, leave"
ENDS_WITH_IT = "This ends with it:"
UNANSWERED_CHANGE = "a change without its answer"
LOOK_IN_AUDIT = (
    "A change is being made, and its answer is not seen: look in the audit trail (5, Tab)."
)

ENABLING = "Enabling provisioning."
ENABLED = "Provisioning is on."
ENABLED_ONLY = "Provisioning is on. There was no new token to make."
DISABLE_TITLE = "DISABLE automatic provisioning"
DISABLE_WARNING = (
    "The IdP cannot create, change or disable users until provisioning is on again with a "
    "new endpoint and token. Leavers keep their access meanwhile."
)
STOPS_ALL = "new users, changes, group changes, disables: all of it"
ENABLE_AGAIN = "enable again; endpoint and token will be new ones"
NOTHING_CHANGED = "Nothing was changed."
NOTHING_DELETED = "Nothing was deleted."
GENERATING = "Generating a token."
SUSPEND_UNDO = "Z again lets it in; it keeps its slot"

CHANGES_FORBIDDEN = "Read-only from now on."
CHANGES_ALLOWED = "Changes are allowed until this profile is left, or W."
ALLOWED_UNTIL = "the profile is left, or W is pressed again"
WRITTEN_FIRST = "into the audit trail, before it holds"
PRODUCTION = "This is production: what is changed here decides who can sign in."

COMMAND, ACTIONS = "Command", "Actions"
WHY_OFF_COLUMN = "WHAT IT DOES, OR WHY IT IS OFF"

FAULT_TITLE = "This did not work"
FAULT_HEAD = (
    "Something in this program failed. The connection, the embedded service and a secret in "
    "memory are still there; what was being done may be done in part."
)

HELP_MOVING = (
    ("j k", "down, up; the arrows too"),
    ("Home End G", "first, last, last"),
    ("PgUp PgDn", "page; Ctrl-U Ctrl-D half a page"),
    ("Tab", "next pane or tab"),
)
HELP_MARKS = (
    ("[ok]", "nothing to do"),
    ("[90]..[ 7]", "days left on a token: plan, book, act, urgent"),
    ("[EXP]", "expired: the IdP is refused"),
    ("[ ?]", "not known; never shown as fine"),
    ("[ !]", "works now; look at it in time"),
    ("[!!]", "needs a look"),
    ("[--]", "nothing to report"),
)
HELP_OUTSIDE = (
    ("no screen", "scim-tui --help: everything here is a command too"),
    ("slow link", "scim-tui --lean; ssh -C; run inside tmux"),
    ("no colour", "NO_COLOR=1; ASCII signs under LC_ALL=C"),
    ("left alone", "Ctrl-A Ctrl-B Ctrl-S Ctrl-Q Ctrl-P, for tmux and screen"),
)
FIVE_SCREENS = "the five screens"


def fault(words: str) -> str:
    """A fault of this program, above the key line."""
    return f"This did not work: {words}. ! shows the details."


def fault_file(file: object) -> str:
    """Where the report of a fault is."""
    return (
        f"It is written to {file}: no values and no secrets are in it. Send it to the "
        "maintainers of this program."
    )


def no_fault_file(why: str) -> str:
    """The report of a fault could not be written."""
    return f"It is not in a file: {why}."


def off(label: str, reason: str) -> str:
    """An action was asked for that is off."""
    return f"{label.rstrip('.')} is off: {reason}"


def stale_since(status: str, at: str) -> str:
    """The server stopped answering after a snapshot was taken."""
    return f"{status}STALE since {at}"


def looked_at(at: datetime) -> str:
    """When the snapshot was taken."""
    return f"looked at {at:%H:%MZ} "


def next_try(at: str) -> str:
    """When the server is asked again."""
    return f"next try {at}"


def no_command(suggestion: str) -> str:
    """What was typed names no action."""
    return f"There is no such command here. {suggestion}".rstrip()


def provisioning_is(state: str) -> str:
    """The answer of the server to a change of provisioning."""
    return f"Provisioning is {state}, as the server reports it."


def users_and_groups(users: str, groups: str) -> str:
    """What stays when provisioning is disabled."""
    return f"{users} and {groups}"


def token_made(token: str) -> str:
    """A token was made, and its secret handed over."""
    return f"Token {token} exists. Install it in the IdP; it is used when LAST USED shows it."


def secret_dropped(token: str) -> str:
    """The dialog was closed before the secret was copied or saved."""
    return (
        f"The secret of {token} was dropped and cannot be shown again: "
        "delete the token and make another."
    )


def token_deleted(token: str) -> str:
    """A token was deleted."""
    return f"Token {token} is deleted; requests with it get 401."


def token_reinstated(token: str) -> str:
    """A suspended token is accepted again."""
    return f"Token {token} is let in again."


def token_suspended(token: str) -> str:
    """A token is refused until it is reinstated."""
    return f"Token {token} is suspended; Z lets it in again."


def suspend_title(token: str) -> str:
    """The title before a token is suspended."""
    return f"SUSPEND access token {token}"


def delete_title(token: str) -> str:
    """The title before a token is deleted."""
    return f"DELETE access token {token}"


def allow_title(profile: str) -> str:
    """The title before changes are allowed."""
    return f"ALLOW CHANGES in {profile}"
