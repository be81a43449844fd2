"""What people, rotations and logs say about access tokens that the provider does not list.

Each note names its source.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from scim_tui.model.base import Value, Words
from scim_tui.model.errors import UsageError
from scim_tui.model.provisioning import TOKEN_DAYS, AccessToken
from scim_tui.model.rotation.key_ids import keys_of
from scim_tui.model.rotation.rotation import Rotation, State, TokenRef
from scim_tui.model.token_acts import KeyUse, TokenAct
from scim_tui.model.unknown_values import UNKNOWN, Absent, Moment


class NotedToken(Value):
    """A token that is known from a note."""

    id: str
    created_at: Moment = UNKNOWN
    expires_at: Moment = UNKNOWN
    at: datetime
    """When it was noted."""
    by: str = ""
    """Who typed it in; empty where a rotation knows it."""
    rotation: str = ""
    log: str = ""
    """The log of the product that names it, such as CloudTrail."""
    maker: Words = UNKNOWN
    """Who made it, where a log says so."""
    computed: bool = False
    """Whether the end follows from the day it was made, and was not given."""
    last_used_at: Moment = UNKNOWN
    """When a log saw its key last, where a rotation found out which key it has."""
    last_client: Words = UNKNOWN

    @property
    def token(self) -> AccessToken:
        """It, as far as it is known."""
        return AccessToken(
            id=self.id,
            created_at=self.created_at,
            expires_at=self.expires_at,
            last_used_at=self.last_used_at,
            last_client=self.last_client,
        )

    @property
    def source(self) -> str:
        """Where this is known from."""
        origin = f"typed in by {self.by}" if self.by else f"from {self.rotation or self.log}"
        if not isinstance(self.maker, Absent):
            origin += f", made by {self.maker}"
        return f"{origin} {self.at:%Y-%m-%d}{', end computed' if self.computed else ''}"

    @property
    def how(self) -> str:
        """The source in a word or two, for a line with little room."""
        if self.computed:
            return "computed"
        return "typed in" if self.by else self.rotation or self.log


def known(
    typed: Iterable[NotedToken],
    rotations: Iterable[Rotation],
    acts: Iterable[TokenAct] = (),
    *,
    one_year: bool = False,
) -> tuple[NotedToken, ...]:
    """The tokens that are noted and not known to be gone, oldest note first.

    Dates that were typed in last are used first, before those of a rotation and of `acts`, the
    product's log, oldest first. `one_year`: each token of this provider is valid for a year, so
    that a missing end is computed from the day of creation.
    """
    found: dict[str, NotedToken] = {}
    gone: dict[str, datetime] = {}
    for rotation in rotations:
        for note in _of(rotation):
            found[note.id] = _merged(found.get(note.id), note)
        ids = {each.id for each in rotation.lost}
        at = rotation.history[-1].at if rotation.history else rotation.started_at
        if isinstance(rotation.gone_at, datetime):
            ids |= {rotation.old.id}
            at = rotation.gone_at
        gone |= dict.fromkeys(ids, at)
    for act in acts:
        if act.made:
            note = _logged(act)
            found[note.id] = _merged(found.get(note.id), note)
        elif not isinstance(act.token_id, Absent):
            gone[act.token_id] = act.at
    for note in typed:
        found[note.id] = _merged(found.get(note.id), note)
    alive = [each for each in found.values() if each.id not in gone or each.at > gone[each.id]]
    return tuple(_with_end(each) if one_year else each for each in alive)


def with_use(
    notes: Iterable[NotedToken], rotations: Iterable[Rotation], uses: Iterable[KeyUse]
) -> tuple[NotedToken, ...]:
    """The tokens with their newest use, as far as a rotation found out which key each has."""
    keys: dict[str, str] = {}
    for rotation in rotations:
        keys |= keys_of(rotation)
    newest: dict[str, KeyUse] = {}
    for use in sorted(uses, key=lambda each: each.newest):
        newest[use.key_id] = use
    return tuple(_used(each, newest.get(keys.get(each.id, ""))) for each in notes)


def _used(note: NotedToken, use: KeyUse | None) -> NotedToken:
    if use is None:
        return note
    client = use.agent or UNKNOWN
    return note.model_copy(update={"last_used_at": use.newest, "last_client": client})


def read_day(text: str) -> Moment:
    """A day or time, as people type it; "never" is NEVER, an empty text UNKNOWN.

    A day means its first second, so that an expiry is not announced too late. Raises `UsageError`.
    """
    word = text.strip()
    if not word:
        return UNKNOWN
    if word.casefold() in {"never", "unknown"}:
        return Absent(word.casefold())
    try:
        at = datetime.fromisoformat(word)
    except ValueError:
        raise UsageError(
            f"{word!r} is not a day.", "Write it as 2027-11-23, never, or unknown."
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _logged(act: TokenAct) -> NotedToken:
    """A token that a log names; without an id in the log it is named by its day."""
    nameless = isinstance(act.token_id, Absent)
    name = f"made-{act.at:%Y-%m-%dT%H:%MZ}" if nameless else str(act.token_id)
    log = f"{act.log} (which has no id)" if nameless else act.log
    return NotedToken(id=name, created_at=act.at, at=act.at, log=log, maker=act.by)


def _of(rotation: Rotation) -> list[NotedToken]:
    old = _note(rotation.old, rotation, rotation.started_at)
    if rotation.new is None:
        return [old]
    at = rotation.since(State.HOLDING)
    held = at if isinstance(at, datetime) else rotation.started_at
    new = _note(rotation.new, rotation, held)
    if new.created_at is UNKNOWN:
        # It was made for this rotation, so not much before; too early is the safe side.
        new = new.model_copy(update={"created_at": rotation.started_at})
    return [old, new]


def _note(token: TokenRef, rotation: Rotation, at: datetime) -> NotedToken:
    return NotedToken(
        id=token.id,
        created_at=token.created_at,
        expires_at=token.expires_at,
        at=at,
        rotation=rotation.id,
    )


def _merged(before: NotedToken | None, note: NotedToken) -> NotedToken:
    """The newer note, with the dates of the one before where it has none."""
    if before is None:
        return note
    dates = {
        name: getattr(before, name)
        for name in ("created_at", "expires_at")
        if getattr(note, name) is UNKNOWN
    }
    if note.rotation and before.by and dates:
        # The dates were typed in, so that is where they are known from.
        dates |= {"by": before.by}
    if before.log and note.created_at is UNKNOWN:
        dates |= {"log": before.log, "by": "", "rotation": ""}
    maker = before.maker if isinstance(note.maker, Absent) else note.maker
    return note.model_copy(update=dates | {"maker": maker})


def _with_end(note: NotedToken) -> NotedToken:
    if note.expires_at is not UNKNOWN or not isinstance(note.created_at, datetime):
        return note
    end = note.created_at + timedelta(days=TOKEN_DAYS)
    return note.model_copy(update={"expires_at": end, "computed": True})
