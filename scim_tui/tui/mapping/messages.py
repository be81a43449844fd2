"""The sentences, titles and questions of the Mapping screen and of its dialogs."""

from datetime import datetime

from scim_tui.model.plural import plural

NO_FILE_TO_READ = "There is no file of people to read again: u loads one."
ENCODING = (
    "Of files that are not UTF-8: such as windows-1252, windows-1251, shift_jis or mac-roman. "
    "Empty: it is guessed, and s says which one."
)
NAMES_ANOTHER = " names another"
FILTER_HINT = "any part of the name in the list"
LOADING, ASKING_ENTRA = " MAPPING  loading", "asking Entra ID"
NO_MATCH = "  no match: Esc shows everybody"
NO_GROUPS, LOADS_GROUPS = "  No groups. ", " loads a file of groups with their members;"
GROUPS_OF_COLUMN = "  or a column of the people names them: groups, memberOf."
NO_PEOPLE = "  No people yet. "
LOADS_PEOPLE = " loads CSV, JSON, JSONL or LDIF as your IdP exports it."
LOADS_MAPPING, ASKS_WHAT_IF = " loads a mapping.  ", " asks what if, for one person typed in."
SHOWS_ALL = "   Esc shows everybody"

NEEDS_PEOPLE = "no people are loaded; u loads a file."
NOT_OPEN = "the connection is not open yet."
CHECK_RUNS = "a check goes on; Ctrl-C stops it."
ONE_PERSON = "it is for one person; o shows the people."
STOPPED = "The preview was stopped; what was checked stays."
NO_FURTHER_PROBLEM = "No further problem this way."

PEOPLE_TITLE, GROUPS_TITLE, ASSIGNED_TITLE = "Load people", "Load groups", "Who is assigned"
GROUPS_HELP = (
    "CSV, JSON, JSONL or LDIF with groups and their members, by id, address or name. "
    "Empty: the groups that a column of the people names."
)
ASSIGNED_HELP = (
    "A file that lists the people assigned to the app in the IdP, or the name of a "
    "column of the people. Empty: not known."
)
MAPPING_TITLE = "Load a mapping"
MAPPING_HELP = (
    "A TOML file with one rule for each target attribute, the saved JSON of Entra ID or "
    "Okta, entra:SERVICE-PRINCIPAL-ID/JOB-ID to ask Entra ID (az login first), or one of:"
)
NOTES_TITLE = "TO KNOW about the files"
NO_NOTES = "There is nothing to know about the files beside what is shown."
NOTHING_CHECKED = "Nothing is checked yet."
SHOW_ONLY = "Show only"
EVERY_GROUP, PROBLEMS = "every group", "problems: refused by the directory"
PROBLEMS_ONLY = "problems only"
REPORT_TITLE = "Write a report"
REPORT_HELP = (
    "The ending decides: .html to read, .csv to filter, .json for programs. "
    "The file is new and only you can read it."
)
COPY_TITLE = "Copy the mapping"
TYPE_PATH = "Type a path, or Esc."
WHAT_IF_TITLE = "WHAT IF  a person were as typed here; nothing is sent"

PREVIEW_ONLY = " Preview only: nothing is sent until U asks."
NEW_USER, USER_CHANGED = "a new user", "the user is changed"
USER_DISABLED = "the user is disabled"
NO_CHANGE, CONFLICT = "nothing would change", "it cannot be sent"
NOTHING_IS_SENT = "nothing is sent"
NEW_GROUP, GROUP_CHANGED = "a new group", "the group or its members are changed"
ASKING, NOT_COMPARED = "asking the directory", "Not compared with the directory."
NOT_COMPARED_YET = " not compared with the directory: "
PERSON_REFUSED = "The directory would refuse this person as is. With the problem solved:"
IN_DIRECTORY = "IN DIRECTORY NOW"
IN_DIRECTORY_ONLY = "[--] in the directory only"
REFUSED, ACCEPTED = "[ERR] refused", "[ok] accepted"
WARNED = "[wrn] accepted, with a warning"
NO_PERSON = " No person in the file is this user."
NOT_ASSIGNED = "Not assigned to the app: the IdP would not send this person."
LEFT_OUT, SKIPPED = "(empty, left out)", "(condition does not hold)"
ONE_PAGE = " one page of more"
REQUESTS_UNKNOWN = "requests not known"
NOTHING_MOVED = "nothing moved in the totals"

MEMBERS_UNKNOWN = "It is not known who is in the group."
NO_MEMBER_MOVES = "   No member would be added or removed."
NOT_AMONG_PEOPLE, NOT_SENT, ARE_GROUPS = "not among the people", "not sent", "groups themselves"

LOOKING_UP, SENDING = "Looking this person up in the directory.", "Sending."
PUSH_TITLE, PUSHED_TITLE = "PROVISION one person on demand", "PROVISIONED on demand"
NOTHING_SENT = "Nothing was sent."
COMMAND = " Same by command:"
REAL_REQUEST = " This one request is sent, for real:"
READ_BACK_UNKNOWN = "  read-back: unknown"
READ_BACK_DIFFERS = "  the directory has something else than was sent"
READ_BACK_SAME = "  read back from the directory: exactly as sent"
NOT_READ_BACK = "The user could not be read back."


def people_help(word: str) -> str:
    """What may be typed for the people; `word` stands for the users of the directory."""
    return (
        "CSV, JSON, JSONL or LDIF, as an IdP exports it; the file stays where it is. "
        f"The word {word} takes the people who are there now."
    )


def no_preset(name: str) -> str:
    """What was typed is no mapping that comes with the program."""
    return f"There is no {name}."


def no_file(name: str) -> str:
    """The path that was typed leads nowhere."""
    return f"There is no file {name}."


def is_no_file(name: str) -> str:
    """The path that was typed is that of a folder or device."""
    return f"{name} is not a file."


def is_no_path(reason: object) -> str:
    """What was typed cannot be a path."""
    return f"That is not a path: {reason}"


def exists(name: str) -> str:
    """A report never replaces a file."""
    return f"{name} exists and is left as it is. Name a new file."


def report_written(path: str) -> str:
    """The report is done."""
    return f"The report is in {path}; only you can read it."


def copy_help(name: str) -> str:
    """Why a preset is copied before it is edited."""
    return (
        f"{name} is no file of yours and stays as it is. "
        "A copy of it is yours to change; this is its new file:"
    )


def dropped(what: str, name: str, key: str) -> str:
    """A file that was dropped with the people it belongs to, and the key that loads it again."""
    return f"{what} {name} ({key} takes it back)"


def dropped_with_people(files: str) -> str:
    """The files that were dropped, since they belong to other people."""
    return f"Dropped with the people before: {files}."


def matched_by(how: str) -> str:
    """How the user of the directory was found."""
    return f"  matched by {how}"


def found_by(how: str) -> str:
    """The message of a change that says no more than how the user was found."""
    return f"Found by {how}."


def group_cost(requests: int, people: str) -> str:
    """The requests that all groups take, and those of the people."""
    return f"   {plural(requests, 'request')}; with the people {people}"


def would_be(sign: str, count: int, name: str) -> str:
    """How many members would be added or removed."""
    return f" {sign}{count:,} would be {name}"


def named_and(count: int, why: str) -> str:
    """How many named members would not be members, and why."""
    return f" {count:,} named, and {why}"


def more_names(count: int) -> str:
    """Names that the screen has no room for."""
    return f"     and {count:,} more: a report (e) names all"


def nothing_to_send(why: str) -> str:
    """The directory has this person as the mapping makes it."""
    return f"Nothing to send. {why}"


def pushed(name: str, outcome: str) -> str:
    """One person was provisioned."""
    return f"{name}: {outcome}. It is in the audit trail."


def as_of(at: datetime) -> str:
    """When the user was read back."""
    return f" as of {at:%H:%M:%SZ}"


def cost(requests: int, also: str, time: str) -> str:
    """The requests and the time of a push of all people."""
    return f"{plural(requests, 'request')}{also}, {time}"


def loses(sets: int, accounts: int, known: str) -> str:
    """How much access a person would lose, and as of when that is known."""
    return f" Loses {plural(sets, 'permission set')} in {plural(accounts, 'account')}, {known}:"


def and_more(count: int) -> str:
    """How many rows are left out."""
    return f"   and {count:,} more"


def read_as(encoding: str) -> str:
    """The encoding of the people's file was guessed."""
    return f"  read as {encoding}, a guess: "
