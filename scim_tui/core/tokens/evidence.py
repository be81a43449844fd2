"""What is known about the use of a token, for the person who is about to delete it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from scim_tui.model.ages import exact_age
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import AccessToken, TokenState
from scim_tui.model.token_use import by_words, only_by_us
from scim_tui.model.unknown_values import NEVER, Absent

IN_USE = timedelta(hours=24)
"""A token that was used within this time counts as in use."""
_REFUSED = {
    TokenState.EXPIRED: "It has expired, so it is refused.",
    TokenState.SUSPENDED: "It is suspended, so it is refused.",
}


class Evidence(NamedTuple):
    """A sentence about the use of a token, and whether it warns against deleting it."""

    text: str
    warning: bool = False


def evidence(
    token: AccessToken, tokens: Iterable[AccessToken] | Absent, now: datetime
) -> list[Evidence]:
    """How the token is used, and whether another of the `tokens` could replace it."""
    others = [] if isinstance(tokens, Absent) else [each for each in tokens if each.id != token.id]
    found = [Evidence(_use(token, now))]
    if words := _REFUSED.get(token.state(now)):
        return [*found, Evidence(words)]
    if isinstance(token.last_used_at, datetime) and now - token.last_used_at < IN_USE:
        found.append(_warning("It is in use: the IdP that uses it can no longer push."))
    if isinstance(tokens, Absent):
        found.append(Evidence("It is not known whether another token works."))
    elif not any(other.state(now) not in _REFUSED for other in others):
        found.append(_warning("It is the only working token: without it no IdP can push here."))
    elif not any(_used_after(other, token) for other in others):
        words = "No request has come with the other token since this one was last used."
        found.append(_warning(words))
    return found


def _warning(text: str) -> Evidence:
    return Evidence(text, warning=True)


def _use(token: AccessToken, now: datetime) -> str:
    if only_by_us(token) and isinstance(token.own_used_at, datetime):
        tried = exact_age(token.own_used_at, now)
        return f"It is not used by an IdP: only this tool used it, {tried}."
    if token.last_used_at is NEVER:
        return "It was never used."
    if isinstance(token.last_used_at, Absent):
        return "It is not known whether it is in use."
    times = (
        ""
        if isinstance(token.requests, Absent)
        else f", {plural(token.requests, 'request')} in all"
    )
    return f"Last used {exact_age(token.last_used_at, now)}{by_words(token)}{times}."


def _used_after(other: AccessToken, token: AccessToken) -> bool:
    if isinstance(other.last_used_at, Absent):
        return False
    return isinstance(token.last_used_at, Absent) or other.last_used_at > token.last_used_at
