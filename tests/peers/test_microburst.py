"""microburst, a proxy that makes calls to AWS fail, between us and the stand-in of AWS.

Whatever fails: what is shown is what it was without faults, or it is not known; the errors are
ours; and with the last fault everything is back.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.provider import IdentityCenterProvider
from scim_tui.scim.limits import RateLimiter
from tests.aws.standin import STORE_ID, StandIn, record
from tests.aws.test_activity import told
from tests.aws.world import NOW, World, world
from tests.contract.worlds import free_port
from tests.patience import DEADLINE
from tests.peers.environments import installed, only_when_asked_for, running

PIN = "microburst==0.10.0"
THROTTLED: dict[str, object] = {
    "error": {"code": "ThrottlingException", "status": 400, "message": "Rate exceeded"}
}
FAULTS: dict[str, dict[str, object]] = {
    "throttled": THROTTLED,
    "broken": {"error": {"code": "InternalServerException", "status": 500}},
    "reset": {"reset": True},
    "truncated": {"response": {"truncate_frac": 0.5}},
    "aborted": {"response": {"abort_frac": 0.3}},
    "corrupted": {"response": {"corrupt_bytes": 16}},
    "slow": {"latency": {"min": 100, "max": 300}},
    "half of them reset": {"reset": True, "probability": 0.5},
    "half of them throttled": THROTTLED | {"probability": 0.5},
    "half of them truncated": {"response": {"truncate_frac": 0.5}, "probability": 0.5},
}
QUICK = {"truncated", "slow", "half of them reset", "half of them truncated"}
"""These run each time; the others with `make peers`."""
LOOKS, REST = 2, 61.0
USERS = 5
Shown = dict[str, str | ScimTuiError]


@pytest.fixture(scope="module")
def burst(account: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The proxy, listening on loopback."""
    python, port = installed("microburst", PIN), free_port()
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx.get(f"{url}/_microburst/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    command: list[str | Path] = [python, "-m", "microburst", "--upstream", account.url]
    command += ["--port", str(port), "--no-resign"]
    with running(command, tmp_path_factory.mktemp("burst"), answers):
        yield url


def set_faults(burst: str, *faults: dict[str, object]) -> None:
    rules = [{"service": "*", **fault} for fault in faults]
    answer = httpx.post(f"{burst}/_microburst/rules", json=rules, timeout=30)
    assert answer.status_code == 200, answer.text


@asynccontextmanager
async def directory(
    aws: StandIn, burst: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    """People by hand, an allow list, records and a notice, asked through the proxy."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", burst)
    set_faults(burst)
    aws.network = {"VpceAccessRequired": False, "ScimAllowSourceIps": ["203.0.113.0/24"]}
    aws.notices = [{"arn": "arn:1", "region": "us-east-1", "startTime": NOW.timestamp()}]
    aws.notice = "The token expires in 30 days on 2026-12-25."
    for number in range(USERS):
        aws.user(f"hand{number}@x.org")
    async with world(aws, folder, identity_store_id=STORE_ID) as here:
        told(here, *(record("PatchUser", NOW - timedelta(minutes=n)) for n in range(1, 4)))
        yield here


@asynccontextmanager
async def opened_anew(here: World) -> AsyncIterator[IdentityCenterProvider]:
    """Another provider of the same directory, which has asked nothing yet."""
    account = Account(
        here.account.ref,
        timeout=DEADLINE,  # the proxy loads the models of each service at its first call
        limiter=lambda _: RateLimiter(1000),
        session=here.aws.session(),
        monotonic=lambda: here.ticks[0],
    )
    provider = IdentityCenterProvider(
        here.endpoint, here.secret, account, transport=here.asgi, clock=lambda: here.now
    )
    try:
        yield provider
    finally:
        await provider.aclose()


async def seen(provider: IdentityCenterProvider) -> Shown:
    """All that the AWS side shows; the error where a part fails. Any other error fails the test.

    A finding without a verdict claims nothing.
    """
    known = [each for each in await provider.notes() if each.verdict is not Verdict.UNKNOWN]
    found: Shown = {each.name: claim(each) for each in known}

    async def events() -> list[str]:
        return [f"{each.at} {each.operation}" for each in (await provider.events()).events]

    asks = {
        "users made by hand": lambda: provider.strays(Kind.USERS),
        "groups made by hand": lambda: provider.strays(Kind.GROUPS),
        "traffic": lambda: provider.traffic(NOW - timedelta(hours=24)),
        "acts": provider.token_acts,
        "events": events,
    }
    for name, ask in asks.items():
        try:
            found[name] = repr(await ask())
        except ScimTuiError as error:
            found[name] = error
    return found


def claim(finding: Finding) -> str:
    """What a finding says, without how much of the log was read and what it says is not known."""
    evidence = re.sub(r"back to [-0-9]+ [0-9:]+Z", "back to -", finding.evidence)
    evidence = re.sub(r"ends (on \S+ \(\S+\)|soon; .*?), notice", "ends -, notice", evidence)
    return f"{finding.verdict} {evidence} {finding.fix}"


def false_ones(truths: list[Shown], shown: Shown) -> list[str]:
    """What is shown and is not so: it is in no look without faults. An error claims nothing."""
    found = []
    for name, what in shown.items():
        so = [truth[name] for truth in truths if name in truth]
        # Where only users could be listed, the quota has them alone.
        part = name == "Quota" and any(str(what)[:20] == str(each)[:20] for each in so)
        if not isinstance(what, ScimTuiError) and what not in so and not part:
            found.append(f"{name}: {what!r}, not {so!r}")
    return found


@pytest.mark.parametrize("name", FAULTS)
async def test_whatever_fails_nothing_false_is_shown_and_nothing_is_lost(
    aws: StandIn, burst: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name not in QUICK:
        only_when_asked_for("What botocore tries again, with pauses,")
    async with directory(aws, burst, tmp_path, monkeypatch) as here:
        async with opened_anew(here) as provider:
            # The second look has more: keys that were seen meanwhile, and the quota.
            truths = [await seen(provider) for _ in range(2)]
        assert not any(isinstance(each, ScimTuiError) for each in truths[0].values()), truths
        async with opened_anew(here) as provider:
            set_faults(burst, FAULTS[name])
            for _ in range(LOOKS):
                shown = await seen(provider)
                # Bytes that were flipped inside of a value cannot be noticed without TLS.
                if name != "corrupted":
                    assert false_ones(truths, shown) == []
                assert (await provider.summary()).users in {USERS, UNKNOWN}
                assert provider.capabilities.events, "a fault is no missing permission"
                here.ticks[0] += REST
            set_faults(burst)
            after = await seen(provider)
    assert [each for each in after.values() if isinstance(each, ScimTuiError)] == []
    if name != "corrupted":
        assert false_ones(truths, after) == []
    assert after.keys() >= truths[0].keys(), "all of it is back"
