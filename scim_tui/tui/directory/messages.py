"""The sentences, titles and hints of the Directory screen and of its dialogs."""

from datetime import datetime

from scim_tui.model.ages import age

NOT_OPEN = "The connection is not open yet."
NO_SIDEWAYS = "Open the detail (Enter), or show all columns (w)."
ALL_LISTED = "Everything is listed."
FILTER_HINT = "words in any order; !not; mail:corp; missing:email; changed:<7d; filter:SCIM"
SEEK_HINT = "the beginning of what the list is sorted by; Enter stays, Esc goes back"

SEND_FILTER, ASKING_SERVER = "Enter sends this filter to the server.", "Asking the server."
ROWS_UNCHANGED = "Stopped; the rows are as they were."
NO_QUERY = "  ! this is no search"
CLEARS_FILTER = " clears the filter"
ASKS_AGAIN = " asks again now; it is tried again by itself"
TOKEN_THERE, SENT_THERE = " has the token and endpoint for the IdP, ", " shows what it sent"

COLUMNS, SORT_BY = "Columns", "Sort by"
SCROLL_COLUMNS, COLUMNS_THAT_FIT = "h and l scroll the columns.", "What fits."

NO_RANGE_START = "Mark the first row of the range with Space."
MARKING_STOPPED = "Stopped marking; the marks are as they were."

LISTED_ONLY = "Only what is listed here can be exported; Esc shows it."
EXPORT_HELP = (
    "The end of the name says the format: .csv, .json or .jsonl.",
    "The file must be new; only you can read it. Ctrl-C stops while it is written.",
)
COLUMN_FIELDS, ALL_FIELDS = "the columns of the list", "all fields"
SHOWN_ROWS = "what is shown"
EXPORT_STOPPED = "Stopped writing. There is no file."

COUNTING = "counting what is wrong"
COUNTING_STOPPED = "Stopped counting."
LISTING_MEMBERS = "listing members of"
MEMBERS_STOPPED = "Stopped listing members."
ASKING_ORIGINS = "Asking who was made by hand."
ACTIVE_UNKNOWN = "Active or not: not said"
CHANGED_LAST_DAY, NEW_THIS_WEEK = "Changed in the last day", "New this week"

RETRIES = "  goes on by itself, or r now"
LISTING_FAILED = "it failed"
AS_SENT = "   as the server sent it at "
NO_MEMBERS, IN_NO_GROUP = "  no members", "  in no group"
CHANGES_TITLE, NO_CHANGE = " SEEN BETWEEN TWO LISTINGS", "No change so far."
NO_REQUEST = "None of them was about this one."


def columns_not_kept(reason: object) -> str:
    """The file of the columns could not be written."""
    return f"The columns are not remembered: {reason}"


def sorted_by(title: str, direction: str) -> str:
    """How the rows are sorted now."""
    return f"Sorted by {title}, {direction}."


def no_such_row(title: str) -> str:
    """No row begins with what is typed; the cursor is where it would stand."""
    return f"No {title} begins with that; it would be here."


def asking_for(what: str) -> str:
    """The list is empty as long as the server has not answered."""
    return f"  asking for the {what}"


def listing_was_stopped(what: str) -> str:
    """The list is empty, since its listing was stopped."""
    return f"  The listing was stopped. r asks for the {what} again."


def listing_stopped(what: str) -> str:
    """Ctrl-C stopped the listing."""
    return f"Stopped listing the {what}."


def stopped_at(count: int) -> str:
    """How many rows a stopped listing has, above them."""
    return f" stopped at {count:,}, r goes on"


def outdated(why: str) -> str:
    """A listing failed, and the rows of the one before are shown."""
    return f" ! may be old: {why}"


def rows_of(at: datetime, now: datetime) -> str:
    """How old the rows of an earlier listing are."""
    return f"  rows of {age(at, now)}"


def none_yet(what: str) -> str:
    """The directory has no users, or no groups."""
    return f"  No {what} yet. They appear here when the IdP pushes them."


def no_match(total: int, query: str) -> str:
    """No row fits the filter."""
    return f"  0 of {total:,} match {query!r}."


def server_found(count: int) -> str:
    """How many rows the server returned for a filter."""
    return f"  {count:,} found by the server"


def marked_rows(count: int) -> str:
    """The marked rows, as what is exported."""
    return f"the {count:,} marked"


def export_title(what: str) -> str:
    """The title of the export dialog."""
    return f"Export {what}"


def written(count: int, what: str, path: str) -> str:
    """The export is done."""
    return f"{count:,} {what} written to {path}."


def exists(path: object) -> str:
    """An export never replaces a file."""
    return f"{path} exists and is left as it is. Name a new file."


def no_folder(folder: object) -> str:
    """The folder of the new file is missing."""
    return f"The folder {folder} does not exist."


def show_which(what: str) -> str:
    """The title of the ready-made filters."""
    return f"Show which {what}"


def showing(what: str) -> str:
    """Which rows are shown from now on."""
    return f"Showing {what}. Esc: all."


def requests_title(among: str) -> str:
    """Above the requests of the IdP about one user or group."""
    return f" REQUESTS OF THE IdP{among}"


def became(field: str, before: str, after: str) -> str:
    """One change between two listings."""
    return f"{field}: {before} became {after}"


def asks_again(message: str) -> str:
    """More members or groups could not be read."""
    return f"! {message} r asks again."
