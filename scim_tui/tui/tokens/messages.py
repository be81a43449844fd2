"""The sentences and headings of the Tokens screen and of its dialogs."""

LOADING = "loading"
NOT_LISTED = "not known: {reason}"
PROVISIONING_OFF = "No token: provisioning is off: enable it first (1, E)."
EMPTY = "No token. Without one no IdP can provision here."
CREATES, RECORDS = "makes one.", "records one."
NOT_KEPT = "shown once when it was made, and not kept"

ID_PROMPT = "Id of the token"
ID_HELP = (
    "As the console of the provider lists it.",
    "Only ids and dates are kept, with your name: never type a secret here.",
)
CREATED_PROMPT = "When was {id} made?"
CREATED_HELP = ("Such as 2026-11-23; empty: not known.",)
EXPIRES_PROMPT = "When does {id} end?"
EXPIRES_HELP = (
    "Such as 2027-11-23, or never; empty: not known, or computed where the provider's "
    "tokens are valid for a year.",
)
NO_KNOWN_END = "has no known end"


def slots(used: int, most: int | None) -> str:
    """How many tokens there are, and how many there may be."""
    return f"{used} of {most} slots used" if most else f"{used}"


def recorded_only(count: int) -> str:
    """The provider lists no tokens; these were recorded by an operator."""
    return f"{count} recorded, none listed here"


def only_by_us(at: str) -> str:
    """The last use of a token that only this tool used."""
    return f"not by an IdP; by this tool {at}"


def recorded(id: str, end: str, source: str) -> str:
    """What was written down about a token."""
    return f"Recorded: {id} {end}, {source}."
