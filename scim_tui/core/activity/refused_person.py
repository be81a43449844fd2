"""A refused person, the reason and the fix, as plain values."""

from datetime import datetime
from enum import StrEnum

from scim_tui.model.base import Value, Words
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Absent


class FixKind(StrEnum):
    """Where the cause of a refusal is mended."""

    HOLDER = "holder"
    """At the user who already has the value: `o` opens it."""
    MAPPING = "mapping"
    """In the mapping rule of the attribute: `m` opens it."""
    IDP = "idp"
    """In the IdP, by what the sentence says."""


class Fix(Value):
    """What to do so that the person is accepted."""

    kind: FixKind
    words: str
    """A sentence."""
    attribute: str = ""
    """The SCIM attribute to look at, such as name.familyName; empty: none is named."""


class Holder(Value):
    """The user who already has a value that must be unique."""

    id: str
    user_name: str
    attribute: str
    """What is taken: userName, emails or externalId."""
    external_id: str = ""
    """Empty: no IdP made this user, so it was made by hand."""
    certain: bool = True
    """Whether the directory named it; False: it was found by the value that is known here."""

    @property
    def by_hand(self) -> bool:
        """Whether no IdP made it."""
        return not self.external_id


class RefusedPerson(Value):
    """One person who was refused, and not accepted since."""

    user_name: Words = UNKNOWN
    user_id: Words = UNKNOWN
    operation: str
    """Of the newest refusal: CreateUser, PatchUser, ..."""
    status: int
    """HTTP status of the newest refusal."""
    rule: str = ""
    """Code of the rule in `model.constraints`; empty: the directory did not say which."""
    why: str
    """In a few words, without personal values."""
    tries: int
    first: datetime
    newest: datetime
    holder: Holder | Absent = NEVER
    """Who has the value; NEVER: no value is taken, UNKNOWN: it was not found."""
    fix: Fix
    request_id: str = ""
    """Of the newest refusal."""
    event_id: int
    """Of the newest refusal."""
    holder_id: Words = UNKNOWN
    """Id of the holder as the directory recorded it."""

    @property
    def person(self) -> str:
        """The userName, else the id."""
        return str(self.user_id if isinstance(self.user_name, Absent) else self.user_name)

    @property
    def why_whole(self) -> str:
        """The reason with the name of the holder, where that is known."""
        if isinstance(self.holder, Absent):
            return self.why
        by = " (made by hand)" if self.holder.by_hand else ""
        likely = "" if self.holder.certain else "probably "
        return f"{self.why} by {likely}{self.holder.user_name}{by}"


class RefusedPeople(Value):
    """The people refused in a window, the newest refusal first."""

    people: tuple[RefusedPerson, ...]
    since: datetime
    whole: bool = True
    """Whether all events of the window were read; else there may be more people, and some of these
    may have been accepted since."""
