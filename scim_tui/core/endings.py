"""What is lost when the program exits: a secret in memory, a watched rotation, a service in use."""

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from scim_tui.core.health.snapshot import Snapshot
from scim_tui.core.workspace import Workspace
from scim_tui.demo.connection import AGENT as DEMO
from scim_tui.model.ages import age
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.checklist import STEPS, place
from scim_tui.model.rotation.guards import HELD
from scim_tui.model.rotation.rotation import Rotation, State, Strategy
from scim_tui.model.unknown_values import Absent
from scim_tui.scim.transport import AGENT

IN_USE = timedelta(minutes=5)
"""A service that an IdP used within this time is in use."""
PATIENCE = 1.0
"""Seconds to wait for the service's newest requests; then the newest snapshot is used."""
_EVENTS = 1000
_NOTHING_CREATED = (State.PREFLIGHT, State.FREE_SLOT, State.CREATE_INTENT)
_OURS = AGENT.partition("/")[0] + "/"


class Ending(NamedTuple):
    """One thing that ends when the program exits."""

    short: str
    """For a line: "the secret of tok-2"."""
    sentence: str
    """What is lost, and how to get it back."""


class Use(NamedTuple):
    """The newest accepted request of an IdP."""

    client: str
    at: datetime


async def endings(space: Workspace, snapshot: Snapshot | None) -> list[Ending]:
    """What would be lost if this workspace were closed now; asks the service for new requests."""
    if not space.serves:
        return endings_from(space, snapshot)
    try:
        async with asyncio.timeout(PATIENCE):
            use = await _newest_use(space)
    except (ScimTuiError, TimeoutError):
        use = _seen_use(snapshot)
    return [*_of_rotation(space), *_of_service(space, use)]


def endings_from(space: Workspace, snapshot: Snapshot | None) -> list[Ending]:
    """As `endings`, from the newest snapshot only, for callers that cannot await."""
    return [*_of_rotation(space), *_of_service(space, _seen_use(snapshot))]


def _of_rotation(space: Workspace) -> list[Ending]:
    rotation = space.rotations.at_work
    if rotation is None or rotation.state in _NOTHING_CREATED:
        return []
    found = [_secret(rotation)] if space.rotations.secret is not None else []
    step = place(rotation)
    sentence = f"{rotation.id} waits at step {step + 1} {STEPS[step]}. " + (
        "It goes with the demo."
        if space.profile.provider == "demo"
        else "It is kept on disk; it is not watched until R here or tokens rotate --resume."
    )
    if rotation.state is State.SUSPENDED:
        sentence += f" {rotation.old.id} stays off meanwhile, also when a request is refused."
    return [*found, Ending(f"the watch of {rotation.id}", sentence)]


def _secret(rotation: Rotation) -> Ending:
    new, old = rotation.label, rotation.old.id
    if rotation.state not in HELD:
        lost = f"The secret of {new} was handed over; it cannot be handed over again from here."
    elif rotation.strategy is Strategy.SWAP:
        lost = f"The secret of {new} is in memory only and is lost; {old} has ended already."
    else:
        lost = f"The secret of {new} is in memory only and is lost; {old} still works."
    return Ending(f"the secret of {new}", lost)


def _of_service(space: Workspace, use: Use | None) -> list[Ending]:
    now = space.clock()
    if not space.serves or use is None or now - use.at > IN_USE:
        return []
    sentence = (
        f"The service that runs in here ends. {use.client} used it {age(use.at, now)}, and gets "
        "no answer until scim-tui or scim-tui serve runs again."
    )
    return [Ending(f"the service that {use.client} uses", sentence)]


async def _newest_use(space: Workspace) -> Use | None:
    page = await space.provider.events(limit=_EVENTS, since=space.clock() - IN_USE)
    accepted = (each for each in page.events if each.status not in {401, 403, 429})
    uses = (Use(_named(each.client), each.at) for each in accepted if _is_idp(each.client))
    return next(uses, None)


def _seen_use(snapshot: Snapshot | None) -> Use | None:
    traffic = snapshot.traffic if snapshot is not None else Absent.UNKNOWN
    if isinstance(traffic, Absent) or isinstance(traffic.last_accepted_at, Absent):
        return None
    if not _is_idp(traffic.last_client):
        return None
    return Use(_named(traffic.last_client), traffic.last_accepted_at)


def _is_idp(client: str | Absent) -> bool:
    """Whether a client is an IdP: not this program, nor the simulated IdP of the demo."""
    return isinstance(client, Absent) or not client.startswith((_OURS, DEMO))


def _named(client: str | Absent) -> str:
    return "An IdP" if isinstance(client, Absent) else client
