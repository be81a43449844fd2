"""Findings from the AWS APIs, apart from SCIM; each part may fail on its own."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from scim_tui.model.ages import age
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.own_agent import is_ours
from scim_tui.model.plural import plural
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.providers.identity_center.account import Account
from scim_tui.providers.identity_center.activity import DAY, TrailActivity
from scim_tui.providers.identity_center.health import health_finding
from scim_tui.providers.identity_center.instance_finding import Ownership, instance_finding
from scim_tui.providers.identity_center.instances import caller, describe, instances
from scim_tui.providers.identity_center.network import update_command
from scim_tui.providers.identity_center.permissions import Permissions
from scim_tui.providers.identity_center.shared import Shared
from scim_tui.providers.identity_center.sources import NAME as ALLOW_LIST
from scim_tui.providers.identity_center.sources import allow_finding
from scim_tui.providers.identity_center.store import IdentityStore

KEPT = timedelta(minutes=10)
"""How long settings are cached, which people change by hand."""
QUOTAS = {Kind.USERS: 200_000, Kind.GROUPS: 100_000}
"""As AWS publishes them; both can be raised (user guide, limits)."""
_NEAR = 0.9
_BEFORE = "tokens made before September 2024 leave no records"


class Inspection:
    """The notes of one account."""

    def __init__(
        self,
        account: Account,
        store: IdentityStore,
        trail: TrailActivity,
        may: Permissions,
        clock: Callable[[], datetime],
    ) -> None:
        self._account, self._store, self._trail, self._may = account, store, trail, may
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Finding]] = {}
        self._looking = Shared(self._look)
        self._whose = Ownership()

    async def notes(self) -> tuple[Finding, ...]:
        """All of them, in a fixed order."""
        return await self._looking.get()

    def stop(self) -> None:
        """Cancel the inspection under way."""
        self._looking.stop()

    async def _look(self) -> tuple[Finding, ...]:
        instance = await self._part("instance", "AWS instance", self._instance)
        # The sources of requests are in CloudTrail, so that is read first.
        log = await self._part("activity", "CloudTrail", self._log)
        sources = await self._part("sources", ALLOW_LIST, self._sources)
        health = await self._part("health", "AWS Health", self._health)
        return (instance, log, sources, health, *self._keys(), *self._quotas())

    async def _part(
        self, feature: str, name: str, make: Callable[[], Awaitable[Finding]]
    ) -> Finding:
        now = self._clock()
        at, note = self._kept.get(name, (None, None))
        if at is not None and note is not None and now - at < KEPT:
            return note
        try:
            with self._may.needs(feature):
                note = await make()
        except ScimTuiError as error:
            return Finding(name, Verdict.UNKNOWN, error.message, error.hint)
        if feature != "activity" and note.verdict is not Verdict.UNKNOWN:
            self._kept[name] = (now, note)
        return note

    async def _instance(self) -> Finding:
        store_id = await self._store.id()
        found = next(
            (each for each in await instances(self._account) if each.store_id == store_id), None
        )
        signed_in = await caller(self._account)
        if found is None:
            self._whose = Ownership(caller=signed_in)
            asked = f" (signed in to account {signed_in})" if signed_in else ""
            words = f"{store_id} is in no instance that this account may see{asked}"
            return Finding("AWS instance", Verdict.UNKNOWN, words)
        self._whose = Ownership(found.owner, signed_in)
        found = await describe(self._account, found)
        self._whose = Ownership(found.owner, signed_in)
        return instance_finding(found, self._whose, self._account.ref.region)

    async def _log(self) -> Finding:
        now = self._clock()
        traffic = await self._trail.traffic(now - DAY)
        count, since = len(self._trail.requests), self._trail.since or now
        if not count:
            if not self._whose.same:
                words = f"no SCIM record back to {since:%m-%d %H:%MZ}; {self._whose.words}"
                return Finding("CloudTrail", Verdict.UNKNOWN, words, self._whose.fix)
            words = f"no SCIM record back to {since:%m-%d %H:%MZ}; {_BEFORE}"
            return Finding(
                "CloudTrail",
                Verdict.UNKNOWN,
                words,
                "Replace a token that is older: the new one is recorded.",
            )
        wrote = traffic.last_write_at
        newest = age(wrote, now) if wrote is not UNKNOWN else "not seen"
        words = (
            f"{count:,} SCIM records back to {since:%m-%d %H:%MZ}, last write by the IdP "
            f"{newest}; 90 days are kept, {_BEFORE}"
        )
        return Finding("CloudTrail", Verdict.OK, words)

    async def _health(self) -> Finding:
        return await health_finding(self._account, self._whose, self._clock())

    async def _sources(self) -> Finding:
        network, store_id = await self._store.network(), await self._store.id()

        def fix_for(addresses: Sequence[str]) -> str:
            assert network is not None
            return update_command(self._account.ref, store_id, network, addresses)

        ours, theirs = self._trail.addresses(ours=True), self._trail.addresses(ours=False)
        return allow_finding(network, ours, theirs, fix_for)

    def _keys(self) -> list[Finding]:
        """Which credential the IdP uses, and whether the profile has the same one."""
        uses = self._trail.used_keys()
        if not uses:
            return []
        ours = {use.key_id for use in uses if is_ours(use.agent)}
        theirs = [use for use in uses if not is_ours(use.agent)]
        now = self._clock()
        seen = [
            f"..{use.key_id[-4:]} {use.agent or 'no name'}, {plural(use.requests, 'request')}, "
            f"newest {age(use.newest, now)}"
            for use in theirs[:2]
        ]
        same = (
            "; the token of this profile has the same key"
            if any(use.key_id in ours for use in theirs)
            else ""
        )
        words = "; ".join(seen) or "only ours"
        return [Finding("Keys seen", Verdict.OK if theirs else Verdict.UNKNOWN, words + same)]

    def _quotas(self) -> list[Finding]:
        """How much of the published quota is used, once AWS has listed all users and groups."""
        sizes = self._store.sizes
        if not sizes:
            return []
        words = ", ".join(
            f"{count:,} of {QUOTAS[kind]:,} {kind.lower()}" for kind, count in sizes.items()
        )
        near = any(count >= _NEAR * QUOTAS[kind] for kind, count in sizes.items())
        fix = "Ask AWS to raise it before it is reached." if near else ""
        return [
            Finding(
                "Quota",
                Verdict.WARN if near else Verdict.OK,
                f"{words} (published, can be raised)",
                fix,
            )
        ]
