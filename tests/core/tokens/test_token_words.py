"""What is said before a token is deleted, and when none can be made."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.tokens.evidence import Evidence, evidence
from scim_tui.core.workspace import Workspace
from scim_tui.model.provisioning import (
    AccessToken,
    ProvisioningState,
    ProvisioningStatus,
    TokenState,
)
from scim_tui.model.token_use import last_use, use_words
from scim_tui.model.unknown_values import NEVER, UNKNOWN, Moment
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


def token(name: str, *, used: Moment = NEVER, days: int = 100) -> AccessToken:
    return AccessToken(
        id=name,
        created_at=START - timedelta(days=3),
        expires_at=START + timedelta(days=days),
        last_used_at=used,
        requests=148,
        last_client="Okta SCIM Client 1.0.0",
    )


def ago(**span: float) -> Moment:
    return START - timedelta(**span)


def said(tokens: list[AccessToken]) -> str:
    """What is said of the first."""
    return joined(evidence(tokens[0], tokens, START))


def joined(found: Iterable[Evidence]) -> str:
    return " / ".join(f"! {each.text}" if each.warning else each.text for each in found)


def test_a_token_in_use_warns_that_provisioning_stops() -> None:
    text = said([token("a", used=ago(seconds=40)), token("b", used=ago(seconds=10))])
    assert text.startswith("Last used 40s ago by Okta SCIM Client 1.0.0, 148 requests in all.")
    assert "! It is in use" in text
    assert "only working" not in text


def test_the_only_working_token_is_named_so() -> None:
    assert "! It is the only working token" in said([token("a", used=ago(days=3))])
    expired = token("b", days=-1)
    assert "! It is the only working token" in said([token("a", used=ago(days=3)), expired])


def test_an_unproven_successor_is_no_successor() -> None:
    assert "! No request has come with the other token" in said(
        [token("a", used=ago(hours=3)), token("b")]
    )
    assert "!" not in said([token("a", used=ago(days=3)), token("b", used=ago(hours=1))])


def test_never_and_unknown_are_different_things() -> None:
    assert "It was never used." in said([token("a"), token("b", used=ago(hours=1))])
    assert "It is not known whether it is in use." in said([token("a", used=UNKNOWN)])
    alone = evidence(token("a"), UNKNOWN, START)
    assert alone[-1] == Evidence("It is not known whether another token works.")


def test_an_expired_token_has_no_warning() -> None:
    text = said([token("a", used=ago(hours=1), days=-1)])
    assert "expired" in text
    assert "!" not in text


def snapshot(
    *tokens: AccessToken, state: ProvisioningState = ProvisioningState.ENABLED
) -> Snapshot:
    return Snapshot(at=START, status=ProvisioningStatus(state=state), tokens=tokens)


@pytest.mark.parametrize(
    ("tokens", "hint"),
    [
        ((token("tok-1", used=ago(minutes=1)), token("tok-2")), "; tok-2 was never used."),
        (
            (token("tok-1", used=ago(days=9)), token("tok-2", days=-1)),
            "; tok-1 was last used 9d ago, tok-2 has expired.",
        ),
        ((token("tok-1", used=ago(minutes=1)), token("tok-2", used=UNKNOWN)), " first."),
    ],
)
async def test_two_tokens_are_the_most(
    space: Workspace, tokens: tuple[AccessToken, ...], hint: str
) -> None:
    why = space.tokens.why_not_create(snapshot(*tokens))
    assert why is not None
    assert why.startswith(
        "Two tokens exist, the most allowed: delete the expired or unused one first"
    )
    assert why.endswith(hint)


async def test_reasons_for_and_against(space: Workspace) -> None:
    off, one = snapshot(state=ProvisioningState.DISABLED), snapshot(token("tok-1"))
    assert space.tokens.why_not_create(one) is None
    assert "enable it first" in str(space.tokens.why_not_create(off))
    assert space.tokens.why_not_create(replace(one, tokens=UNKNOWN)) is None
    assert space.provisioning.why_not_enable(one) == "Provisioning is on already."
    assert space.provisioning.why_not_enable(off) is None
    assert space.provisioning.why_not_disable(off) == "Provisioning is off already."
    assert space.provisioning.why_not_disable(snapshot()) is None
    assert str(space.provisioning.why_not_disable(one)).startswith("1 token exists: delete it")
    two = snapshot(token("a"), token("b"))
    assert space.provisioning.why_not_disable(two) == (
        "2 tokens exist: delete them first (Tokens, D)."
    )
    assert space.tokens.why_not_delete(None) == "No token is selected."
    assert space.tokens.why_not_delete(token("a")) is None


async def test_evidence_uses_the_list_seen_last(space: Workspace, provider: MemoryProvider) -> None:
    first = provider.access_tokens[0]
    assert "not known whether another" in space.tokens.evidence(first, START)[-1].text
    await space.tokens.list()
    assert "not known whether another" not in joined(space.tokens.evidence(first, START))


def test_our_own_requests_are_not_those_of_the_idp() -> None:
    used = AccessToken(
        id="tok-1",
        expires_at=START + timedelta(days=9),
        last_used_at=ago(seconds=56),
        last_client="scim-tui/0.1.0",
    )
    (first, *_) = evidence(used, (used,), START)
    assert first.text == "Last used 56s ago by this tool, which is not an IdP."


def test_a_token_that_only_this_tool_used_is_not_used_by_an_idp() -> None:
    tried = AccessToken(
        id="tok-1",
        expires_at=START + timedelta(days=9),
        last_used_at=NEVER,
        own_used_at=ago(seconds=56),
        requests=1,
    )
    (first, *rest) = evidence(tried, (tried,), START)
    assert first.text == "It is not used by an IdP: only this tool used it, 56s ago."
    assert not any("in use" in each.text for each in rest)
    assert last_use(tried, START) == "no IdP"
    assert use_words(tried, START) == "not used by an IdP, only by this tool now"
    assert tried.state(START) is TokenState.UNUSED
    again = tried.model_copy(update={"last_used_at": ago(minutes=9), "last_client": "Okta"})
    assert use_words(again, START) == "used 9m ago by Okta"
