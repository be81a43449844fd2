"""Whatever the network does to a request is told in a sentence, and what is safe is repeated."""

import pytest
from pydantic import SecretStr

from scim_tui.model.directory import Kind, UserRow
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, Unreachable, Unreadable
from scim_tui.scim import transport
from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import Retry
from scim_tui.scim.tls_options import TlsOptions
from scim_tui.scim.transport import ClientOptions
from tests.network.faults import PEOPLE, SECRET, Fault, Network

SOON = ClientOptions(tls=TlsOptions(timeout=0.15))
"""For what never answers; a busy machine is slow, too."""


def client(net: Network, options: ClientOptions | None = None) -> ScimClient:
    options = SOON if options is None and net.fault is Fault.HALF_OPEN else options
    return ScimClient(net.endpoint, SecretStr(SECRET), options=options, cursors=False)


async def listed(net: Network, options: ClientOptions | None = None) -> list[str]:
    found = client(net, options)
    try:
        return [row.id async for page in found.users() for row in page.rows]
    finally:
        await found.aclose()


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault.RESET, Unreachable, "cannot be reached: the connection broke off."),
        (Fault.HANG_UP, Unreachable, "cannot be reached: the connection broke off."),
        (Fault.CUT, Unreachable, "cannot be reached: the connection broke off."),
        (Fault.GARBAGE, Unreachable, "cannot be reached: what came back is not HTTP."),
        (Fault.HALF_OPEN, Unreachable, "cannot be reached: no answer came in time."),
        (Fault.PORTAL, Unreadable, "was answered with a web page, not with SCIM."),
        (Fault.ELSEWHERE, Unreadable, "a redirect, which is not followed with a token."),
    ],
)
async def test_each_fault_is_a_sentence_with_a_hint(
    net: Network, fault: Fault, kind: type[ScimTuiError], words: str
) -> None:
    net.fault = fault
    with pytest.raises(kind) as raised:
        await listed(net)
    assert raised.value.message.endswith(words)
    assert raised.value.hint
    assert SECRET not in str(raised.value)


async def test_an_answer_that_drips_is_given_up(
    net: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "DEADLINE", 0.3)
    net.fault = Fault.DRIP
    with pytest.raises(Unreachable, match="no answer came in time"):
        await listed(net)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.HANG_UP, Fault.CUT])
async def test_one_lost_request_in_three_is_not_even_noticed(net: Network, fault: Fault) -> None:
    net.fault, net.every = fault, 3
    assert len(set(await listed(net))) == PEOPLE
    assert net.requests > 3


async def test_latency_under_the_limit_is_only_slow(net: Network) -> None:
    net.late = 0.1
    assert len(await listed(net)) == PEOPLE


async def test_half_a_minute_is_the_limit_unless_the_profile_says_otherwise(net: Network) -> None:
    found = ScimClient(net.endpoint, None)
    limit = found._transport._http.timeout
    assert (limit.read, limit.write, limit.connect) == (30.0, 30.0, 5.0)
    await found.aclose()


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CUT, Fault.HALF_OPEN, Fault.GARBAGE])
async def test_a_change_that_got_no_answer_is_sent_once_and_may_have_happened(
    net: Network, fault: Fault
) -> None:
    net.fault = fault
    found = client(net)
    with pytest.raises(OutcomeUnknown, match=r"POST /Users was sent to .*, but ") as raised:
        await found.create(Kind.USERS, {"userName": "ana"})
    assert "look before you repeat it" in raised.value.hint
    assert net.requests == 1
    await found.aclose()


async def test_a_client_recovers_with_the_network(net: Network) -> None:
    found = client(net, ClientOptions(tls=TlsOptions(timeout=1.0), retry=Retry(connect_attempts=1)))
    for fault in (Fault.HALF_OPEN, Fault.RESET, Fault.GARBAGE, Fault.CUT):
        net.fault = fault
        with pytest.raises(Unreachable):
            await found.sample(Kind.USERS, 1)
        net.fault = Fault.NONE
        assert await found.sample(Kind.USERS, 1) == (1, PEOPLE)
    await found.aclose()


async def test_rows_before_a_break_were_yielded(net: Network) -> None:
    net.spared, net.fault = 2, Fault.RESET
    found, seen = client(net), list[UserRow]()

    async def read() -> None:
        async for page in found.users():
            seen.extend(page.rows)

    with pytest.raises(Unreachable):
        await read()
    assert len(seen) == 200
    await found.aclose()
