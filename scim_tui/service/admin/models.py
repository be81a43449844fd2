"""The request parameters and answers of the admin API that `scim_tui.model` does not define."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import permutations
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from scim_tui.model.base import Value
from scim_tui.model.provisioning import AccessToken, NewToken, ProvisioningStatus

MOST_EVENTS_A_PAGE = 1000
MOST_RESOURCES_A_PAGE = 1000

_LAST_ID = 2**63 - 1
_DIGITS = re.compile(r"[0-9]{1,19}")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:[0-5]\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAR = datetime(9999, 12, 30, tzinfo=UTC)
_QUOTED = r'"([^"\\\x00-\x1f]|\\["\\/bfnrt])+"'


def _whole(value: object) -> object:
    """Digits only: no sign, no blank, no fraction."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("a whole number is needed")
    return value


def _instant(value: object) -> object:
    """A date and time of RFC 3339, moved to the nearest year that can have events."""
    if not isinstance(value, str):
        return value
    match = _MOMENT.fullmatch(value)
    if match is None:
        raise ValueError("a date, a time and a zone are needed, such as 2026-01-31T08:00:00Z")
    day, time, fraction, zone = match.groups()
    if day.startswith("0000"):
        return _EPOCH
    text = f"{day}T{time}.{fraction or '0':0<6}{zone.upper().replace('Z', '+00:00')}"
    return min(max(datetime.fromisoformat(text), _EPOCH), _FAR).astimezone(UTC)


_Instant = Annotated[datetime, BeforeValidator(_instant)]
_Id = Annotated[int, Field(ge=0, le=_LAST_ID), BeforeValidator(_whole)]


def _filters(*combinations: str) -> str:
    """A pattern of the supported filters for OpenAPI; `service.scim.filters` parses them."""
    terms = {
        name: f"{_any_case(name)} +{_any_case('eq')} +{_QUOTED}" for name in _words(combinations)
    }
    orders = [order for one in combinations for order in permutations(one.split())]
    joined = [f" +{_any_case('and')} +".join(terms[name] for name in order) for order in orders]
    return f"^ *$|^ *({'|'.join(joined)}) *$"


def _words(combinations: Iterable[str]) -> set[str]:
    return {name for one in combinations for name in one.split()}


def _any_case(text: str) -> str:
    return "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else f"[{c}]" for c in text)


class Query(Value):
    """Parameters of a query. An unknown one is refused: a misspelt filter would list everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoQuery(Query):
    """No parameters."""


class EventQuery(Query):
    """Which events."""

    limit: Annotated[int, Field(ge=1, le=MOST_EVENTS_A_PAGE), BeforeValidator(_whole)] = 200
    before: _Id | None = Field(default=None, description="Older than the event with this id.")
    after: _Id | None = Field(default=None, description="Newer than the event with this id.")
    since: _Instant | None = Field(default=None, description="Not before this instant.")
    refused: Literal["true", "false"] = Field(
        default="false", description="true: only those with a status of 400 and above."
    )


class SearchQuery(Query):
    """Which events: terms such as outcome:refused op:CreateUser who:ana since:2h, and words."""

    search: str = Field(default="", max_length=500, examples=["outcome:refused since:2h"])
    limit: Annotated[int, Field(ge=1, le=MOST_EVENTS_A_PAGE), BeforeValidator(_whole)] = 200


class EventSearchQuery(SearchQuery):
    """Which events, and where to go on."""

    before: _Id | None = Field(default=None, description="`older` of the page before.")


class EventGroupQuery(SearchQuery):
    """By what the events are grouped."""

    by: Literal["person", "cause"]


class TrafficQuery(Query):
    """From when on the requests are counted."""

    since: _Instant


class PageQuery(Query):
    """Which page of a listing."""

    cursor: str = Field(
        default="0", pattern="^[0-9]{1,18}$", description="`next_cursor` of the page before."
    )
    count: Annotated[int, Field(ge=1, le=MOST_RESOURCES_A_PAGE), BeforeValidator(_whole)] = 100


class UsersQuery(PageQuery):
    """Which users; the filters are those of ListUsers."""

    filter: str = Field(
        default="",
        json_schema_extra={
            "pattern": _filters("userName", "externalId", "groups.value", "id", "id manager")
        },
        examples=['userName eq "ana@example.com"'],
    )


class GroupsQuery(PageQuery):
    """Which groups; the filters are those of ListGroups."""

    filter: str = Field(
        default="",
        json_schema_extra={
            "pattern": _filters(
                "displayName", "externalId", "members.value", "id members", "id member"
            )
        },
        examples=['displayName eq "Engineering"'],
    )


class IssuedToken(Value):
    """A token just made, with the only copy of its secret."""

    token: AccessToken
    secret: str


def issued(new: NewToken) -> IssuedToken:
    """The answer with the secret, which is sent once."""
    return IssuedToken(token=new.token, secret=new.secret.get_secret_value())


class EnableAnswer(Value):
    """The status, and the first token when provisioning was just switched on."""

    status: ProvisioningStatus
    first_token: IssuedToken | None = None


class TokenList(Value):
    """The access tokens, oldest first."""

    tokens: tuple[AccessToken, ...]


class Resource(Value):
    """A user or a group as the SCIM side serves it (RFC 7643)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    schemas: list[str]
    meta: dict[str, Any]


class UserPage(Value):
    """One page of users, and the cursor of the next page; null: this is the last."""

    users: list[Resource]
    next_cursor: str | None


class GroupPage(Value):
    """One page of groups, and the cursor of the next page; null: this is the last."""

    groups: list[Resource]
    next_cursor: str | None


class Health(Value):
    """The service answers."""

    status: Literal["ok"] = "ok"


class Checkup(Value):
    """What a full check of the database found."""

    problems: tuple[str, ...]
    """What is damaged, such as "row 7 of users cannot be decoded"."""
    finished: bool
    """Whether the check was complete before its time limit."""
    notes: tuple[str, ...]
    """What else an operator should know: lost changes, a clock that was wrong."""


class Problem(Value):
    """Why something was refused, and what to do about it."""

    code: str
    message: str
    hint: str


class Error(Value):
    """Every answer that is not a success."""

    error: Problem
