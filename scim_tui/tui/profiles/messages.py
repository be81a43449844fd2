"""The sentences, titles and questions of the profile dialogs."""

COMMAND = "Same by command:"
CHECKS_PASSED = "nothing is wrong"
ENTER_TESTS = "Enter asks the server once, and changes nothing there."
ADD_TITLE, ADD_NOTE = "Add a profile", "   nothing is saved untested"
TEST_AND_SAVE = "test the connection, then save"
SAVE, SAVE_AS_DEFAULT = "save it", "save it as the default"

WELCOME = "Welcome. No connection is configured yet."
ADD = "a profile"
BEGINNINGS = (
    (ADD, "the endpoint and token of a directory, in a form"),
    ("this machine", "a service of your own, to try an IdP against"),
    ("the demo", "leave with q, then: scim-tui demo"),
)
"""The ways to begin at the first start."""
NOT_YET = "not yet"
SAVED_UNREADABLE = "Saved, but the config file cannot be read now"

FILE_UNCHANGED = "The config file is as it was"
FILE_UNREADABLE = "The file cannot be read so"
CHECK_FILE = "Check the file."
EDIT_AGAIN = "e opens it again where you left it."
NO_FILE_LEFT, START_AGAIN = "The editor left no file, so nothing is changed.", "e starts again."
EDIT_OR_LEAVE = "y opens it in the editor again; n leaves it, and what was typed is kept."
EMPTY_FILE = """\
# Profiles of scim-tui. `scim-tui profiles schema` prints what there is.
#
# [profiles.prod]
# provider = "scim"
# endpoint = "https://scim.example.com/TENANT/scim/v2"
# token_file = "~/.config/scim-tui/prod.token"
# production = true
"""
"""The text in the editor while there is no config file."""


def asking(answered: int) -> str:
    """The connection test is running."""
    return f"asking; {answered} answered"


def wrong(count: int) -> str:
    """The connection test has ended, and found something wrong."""
    return f"{'1 thing is' if count == 1 else f'{count} things are'} wrong"


def all_the_same(step: str) -> str:
    """The key that does the step although something is wrong."""
    return f"{step} all the same"


def testing(profile: str) -> str:
    """The title of a connection test."""
    return f"Testing {profile}"


def test_command(profile: str) -> str:
    """The command that runs the same connection test."""
    return f"scim-tui profiles test {profile}"


def opens_by_default(default: str, name: str) -> str:
    """What the default is, before the question whether to change it."""
    return f"scim-tui without --profile opens {default} now. {name} is saved in any case."


def make_default(name: str, default: str) -> str:
    """Whether the new profile becomes the default."""
    return f"Make {name} the default instead of {default}?"


def is_default(name: str, before: str) -> str:
    """The new profile is the default."""
    return f"{name} is the default now, instead of {before}."


def is_saved(name: str, default: str) -> str:
    """The new profile is saved, and another one is the default."""
    return f"{name} is saved; the default is {default}, as before."


def switch_title(count: int, file: str) -> str:
    """The title above the list of profiles."""
    return f"Switch profile   {count} known   {file}"


def leave_for(current: str, other: str) -> str:
    """The question before another profile is opened."""
    return f"Leave {current} for {other}?"


def not_written(path: object, reason: object) -> str:
    """The config file could not be written."""
    return f"{path} cannot be written: {reason}."


def not_read(path: object, reason: object) -> str:
    """The config file, or its copy, could not be read."""
    return f"{path} cannot be read: {reason}."


def nothing_changed(copy: object) -> str:
    """While the editor is open."""
    return f"Nothing is changed; what was typed is kept in {copy}."


def kept(copy: object) -> str:
    """Where an edit is that was not taken over."""
    return f"What was typed is kept in {copy}."


def changed_meanwhile(path: object, copy: object) -> str:
    """The config file was changed by another program during the edit."""
    return f"{path} was changed meanwhile; your edit is in {copy}."
