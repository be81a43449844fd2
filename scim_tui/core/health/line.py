"""The health line under each screen: token, IdP, probe and refusals in a few words."""

from datetime import datetime

from scim_tui.core.health.severity import BAD, NOTHING, OK, UNSURE, Piece
from scim_tui.core.health.signals import first_to_end, locked_out, refused_objects, short_id
from scim_tui.core.health.snapshot import Snapshot
from scim_tui.model.ages import age
from scim_tui.model.expiry import band, days_left
from scim_tui.model.plural import plural
from scim_tui.model.provisioning import ProvisioningState
from scim_tui.model.unknown_values import NEVER, Absent


def health_line(snapshot: Snapshot, now: datetime, every: float = 0.0) -> tuple[Piece, ...]:
    """The pieces, most important first.

    For a stale snapshot no piece has the mark of "fine", and the newest request of the IdP is shown
    by its time, since its age would be wrong.
    """
    stale = snapshot.stale(now, every)
    pieces = _pieces(snapshot, now, stale=stale)
    return tuple(map(_unsure, pieces)) if stale else pieces


def _unsure(piece: Piece) -> Piece:
    if piece.mark != OK:
        return piece
    return Piece(UNSURE, piece.short.replace(OK, UNSURE), piece.long.replace(OK, UNSURE))


def _pieces(snapshot: Snapshot, now: datetime, *, stale: bool) -> tuple[Piece, ...]:
    if snapshot.status.state is ProvisioningState.DISABLED:
        return (*_token_piece(snapshot, now), _off_piece(), _people_piece(snapshot))
    return (
        *_token_piece(snapshot, now),
        _idp_piece(snapshot, stale=stale),
        _probe_piece(snapshot),
        _refused_piece(snapshot),
    )


def _token_piece(snapshot: Snapshot, now: datetime) -> tuple[Piece, ...]:
    tokens = snapshot.known_tokens
    if isinstance(tokens, Absent):
        return (Piece(UNSURE, f"{UNSURE} tokens not known", f"{UNSURE} tokens not known"),)
    token = first_to_end(tokens, now)
    if token is None:
        on = snapshot.status.state is ProvisioningState.ENABLED
        mark = BAD if on else NOTHING
        return (Piece(mark, f"{mark} no token", f"{mark} no token"),)
    mark, left = band(token.expires_at, now).value, days_left(token.expires_at, now)
    name = f"{mark} {short_id(token.id)}"
    if isinstance(left, Absent):
        words = "has no end" if left is NEVER else "end not known"
        return (Piece(mark, f"{name} {words}", f"{name} {words}"),)
    typed = ", as told" if snapshot.source_of(token.id) else ""
    if left < 0:
        return (Piece(mark, f"{name} expired", f"{name} expired {-left}d ago{typed}"),)
    return (
        Piece(mark, f"{name} {left}d{typed and ', told'}", f"{name} expires in {left}d{typed}"),
    )


def _off_piece() -> Piece:
    return Piece(NOTHING, "provisioning off", "provisioning is off")


def _people_piece(snapshot: Snapshot) -> Piece:
    summary = snapshot.summary
    if isinstance(summary, Absent) or isinstance(summary.users, Absent):
        return Piece(UNSURE, "people not counted", "users and groups are not counted")
    words = f"{plural(summary.users, 'user')} {plural(summary.groups, 'group')}"
    return Piece(NOTHING, words, words)


def _idp_piece(snapshot: Snapshot, *, stale: bool) -> Piece:
    traffic, now = snapshot.traffic, snapshot.at
    last = traffic if isinstance(traffic, Absent) else traffic.last_request_at
    if isinstance(last, Absent):
        mark = NOTHING if last is NEVER else UNSURE
        words = "no request yet" if last is NEVER else "last request not known"
        return Piece(mark, f"IdP {words} {mark}", f"IdP: {words} {mark}")
    let_in = locked_out(traffic)
    if let_in is not None:
        ok = let_in if isinstance(let_in, Absent) else _when(let_in, now, stale=stale)
        words = f"IdP refused (401), last ok {ok} {BAD}"
        return Piece(BAD, words, words)
    mark = OK if (now - last).days < 1 else BAD
    words = _when(last, now, stale=stale)
    return Piece(mark, f"IdP {words} {mark}", f"last IdP request {words} {mark}")


def _when(at: datetime, looked_at: datetime, *, stale: bool) -> str:
    """The age at the time of the snapshot; for a stale one the time of day."""
    if not stale:
        return age(at, looked_at)
    return f"at {at:%H:%MZ}" if at.date() == looked_at.date() else f"on {at:%Y-%m-%d}"


def _probe_piece(snapshot: Snapshot) -> Piece:
    probe = snapshot.probe
    if isinstance(probe, Absent):
        return Piece(UNSURE, f"probe {UNSURE}", f"probe not tried {UNSURE}")
    mark = OK if probe.ok else BAD
    status = "no answer" if probe.status is None else str(probe.status)
    took = "" if probe.duration_ms is None else f" {probe.duration_ms:.0f}ms"
    return Piece(mark, f"probe {status} {mark}", f"probe {status}{took} {mark}")


def _refused_piece(snapshot: Snapshot) -> Piece:
    traffic = snapshot.traffic
    refused = traffic if isinstance(traffic, Absent) else traffic.refused
    if isinstance(refused, Absent):
        return Piece(UNSURE, f"refused {UNSURE}", f"refused objects not known {UNSURE}")
    if not refused or isinstance(traffic, Absent):
        return Piece(OK, f"0 refused {OK}", f"0 objects refused {OK}")
    objects, requests = refused_objects(traffic), plural(refused, "request")
    long = f"{objects} refused, {requests}" if objects else f"{requests} refused"
    return Piece(BAD, f"{objects or requests} refused {BAD}", f"{long} {BAD}")
