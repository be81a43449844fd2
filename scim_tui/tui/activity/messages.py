"""The sentences and headings of the Activity screen."""

REQUESTS, AUDIT = "IdP requests", "Operators' audit"
NO_REQUESTS = ("No request yet.", "They appear here as soon as an IdP uses the endpoint.")
NO_ENTRIES = ("No act yet.", "Every change made here or by command leaves an entry.")
NOT_OPEN = "The connection is not open yet."
AUDIT_HAS_NO_REFUSED = "The audit has no refused requests; filter for result:failed."
NO_OBJECT = "The entry names no user or group."
STOPPED = "Stopped asking."
FILTER_HINT = "words in any order; !not; operation:create why:emails"

LOADING = "asking for the newest"
NOT_KNOWN = "Not known here: {reason}"
SEE_AUDIT = "Tab shows what operators did."
ASKS_AGAIN, CLEARS_FILTER, SHOWS_ALL = "asks again now", "clears the filter", "shows all"
NOTHING_REFUSED = "No request was refused."
REFUSED_ONLY, SHOWN_REFUSED, SHOWN_ALL = "refused only", "refused requests only", "all"
FOLLOWING, RESTING = "following", "resting: F goes to the newest"
OLDER_BELOW = ", older ones below"

PHASES = {
    "intended": "written down before it was tried; a later entry says how it ended",
    "done": "it was carried out",
    "failed": "it was refused or did not work; the detail says why",
    "unknown": "it was sent and no answer came: look whether it happened",
}
"""What the phase of an audit entry means."""
CARRIED_OUT, ANSWERED = "It was carried out.", "It was answered."
SERVICE_FAILED = "The service failed; its log has more."
NEVER_KNOWN = "none that is or was known here"
FIRST_ENTRY = "none, it is the first"
CHAIN_NOT_READ = "chain not read"


def no_match(count: int, query: str) -> str:
    """No entry fits the filter."""
    return f"0 of {count:,} match {query!r}."


def outdated(message: str) -> str:
    """Newer entries could not be read."""
    return f"may be old: {message} r"


def amount(shown: int, entries: int, *, complete: bool) -> str:
    """How many entries the list shows, and of how many that were read."""
    older = "" if complete else OLDER_BELOW
    return f"{entries:,}{older}" if shown == entries else f"{shown:,} of {entries:,} match{older}"


def showing(what: str) -> str:
    """Which requests are shown from now on."""
    return f"Showing {what}."


def chain_broken(reason: str) -> str:
    """The hashes of the audit do not fit."""
    return f"chain broken, {reason}"


def chain_intact(count: int, note: str) -> str:
    """The hashes of the audit fit."""
    entries = "1 entry" if count == 1 else f"{count:,} entries"
    return f"chain intact, {entries}{f'; {note}' if note else ''}"
