"""The finished rotation in the past of a demo: its receipt, and what the audit trail says of it."""

from datetime import datetime, timedelta
from pathlib import Path

from scim_tui.config.paths import private_folder, write_atomic
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.rotation.journal import FOLDER
from scim_tui.model.activity import Phase
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.parts import (
    DeliveryReceipt,
    HistoryEntry,
    Policy,
    TokenActivity,
    TokenRef,
)
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.model.rotation.states import KnownBy, State, Strategy

ACTOR = "jdoe@demo"
_STEPS = (
    (0, State.PREFLIGHT),
    (1, State.CREATE_INTENT),
    (1, State.CREATING),
    (1, State.HOLDING),
    (2, State.PROBED),
    (3, State.DELIVERED),
    (4, State.INSTALL_CLAIMED),
    (5, State.IDP_TESTED),
    (6, State.WATCHING),
    (33, State.PROVEN),
    (34, State.DELETE_CONFIRM),
    (35, State.DELETING),
    (35, State.DELETED),
    (36, State.AFTERWATCH),
    (46, State.DONE),
)
"""Minutes after the start, and the state that was entered."""
_ACTS = (
    (1, "token.create", Phase.INTENDED, ""),
    (1, "token.create", Phase.DONE, "new"),
    (35, "token.delete", Phase.INTENDED, "old"),
    (35, "token.delete", Phase.DONE, "old"),
    (46, "rotation.finish", Phase.DONE, "rotation"),
)
ID = "rot-0001"


def write_rotation(folder: Path, old: AccessToken, new: AccessToken) -> None:
    """Write receipt and audit entries, unless there are some; the new token began it."""
    audit = folder / "audit.jsonl"
    if audit.exists() or not isinstance(new.created_at, datetime):
        return
    start = new.created_at - timedelta(minutes=1)
    made = private_folder(folder / FOLDER) / f"{ID}.json"
    write_atomic(made, _rotation(old, new, start).model_dump_json(indent=1, by_alias=True) + "\n")
    clock = [start]
    trail = AuditTrail(audit, actor=ACTOR, profile="demo", via="tui", clock=lambda: clock[0])
    targets = {"": "", "old": old.id, "new": new.id, "rotation": ID}
    for minutes, action, phase, what in _ACTS:
        clock[0] = start + timedelta(minutes=minutes)
        trail.write_now(action, targets[what], phase)


def _rotation(old: AccessToken, new: AccessToken, start: datetime) -> Rotation:
    def at(minutes: int) -> datetime:
        return start + timedelta(minutes=minutes)

    return Rotation(
        id=ID,
        profile="demo",
        strategy=Strategy.OVERLAP,
        state=State.DONE,
        policy=Policy(),
        started_at=start,
        started_by=ACTOR,
        nonce="0" * 16,
        old=TokenRef(id=old.id, created_at=old.created_at, expires_at=old.expires_at),
        new=TokenRef(id=new.id, created_at=new.created_at, expires_at=new.expires_at),
        attempts=1,
        created_by=KnownBy.API,
        receipts=(DeliveryReceipt(at=at(3), way="the simulated IdP", ok=True, outcome="written"),),
        installed_at=at(4),
        installed_by=KnownBy.API,
        seen=TokenActivity(
            looked_at=at(45),
            attributed=True,
            watched=True,
            new_requests=31,
            new_writes=12,
            first_new_at=at(7),
        ),
        proven_at=at(33),
        gone_at=at(35),
        gone_by=KnownBy.API,
        ending="The new token works, and the old one is deleted.",
        history=tuple(HistoryEntry(state=state, at=at(minutes)) for minutes, state in _STEPS),
    )
