"""The lines above and below every screen: profile, screens, health and keys."""

from collections.abc import Collection, Sequence
from datetime import datetime

from scim_tui.core.health.severity import Signal
from scim_tui.tui.drawing.identity import identity_line
from scim_tui.tui.drawing.roles import MARK_ROLES
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, fit, line, width, wrap
from scim_tui.tui.session.session import Session
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import SCREENS, Action

ROOM_FOR_NAMES = 78
"""Columns from which the line of screens shows all names."""


def clock_time(at: datetime) -> str:
    """An instant as the frame writes it."""
    return f"{at:%H:%M:%S}Z"


def _spread(left: Line, right: Line, cells: int) -> Line:
    """Align one part left and one right; the left one is cut when both do not fit."""
    gap = cells - width(left) - width(right)
    if gap >= 1:
        return (*left, Span(" " * gap), *right)
    room = cells - width(right) - 1
    kept, used = [], 0
    for span in left:
        take = min(room - used, width((span,)))
        if take <= 0:
            break
        kept.append(Span(fit(span.text, take), span.role))
        used += take
    return (*kept, Span(" "), *right)


def _freshness(session: Session) -> Line:
    snapshot = session.snapshot
    if session.trouble is not None:
        return line((f"{_trouble(session)} ", "bad"))
    if snapshot is None:
        return line(("opening " if session.workspace is None else "loading ", "dim"))
    if session.paused:
        return line((f"as of {clock_time(snapshot.at)} ", "warn" if _stale(session) else "dim"))
    return line((messages.looked_at(snapshot.at), "dim"))


def _stale(session: Session) -> bool:
    space, snapshot = session.workspace, session.snapshot
    return space is not None and snapshot is not None and space.health.stale(snapshot)


def _trouble(session: Session) -> str:
    """What is wrong with the connection, since the newest snapshot or since it was opened."""
    from scim_tui.model.errors import NotAllowed, Unreachable

    error = session.trouble
    words = f"{error.status} " if isinstance(error, NotAllowed) else ""
    if session.seen_at is not None:
        return messages.stale_since(words, clock_time(session.seen_at))
    what = words or ("no answer " if isinstance(error, Unreachable) else "failing ")
    return f"{what}since {clock_time(session.failed_at)}" if session.failed_at else what


def _tabs(current: str, cells: int) -> Line:
    """The screens by number and name; where that does not fit, only the current one is named."""
    parts: list[Span] = []
    for action in SCREENS:
        named = cells >= ROOM_FOR_NAMES or action.id == current
        name = f"{action.key} {action.id.capitalize()}" if named else action.key
        parts += [
            Span(" "),
            Span(f"[{name}]", "tab") if action.id == current else Span(f" {name} ", "dim"),
        ]
    return tuple(parts)


def top_lines(session: Session, current: str, cells: int) -> Sequence[Line]:
    """Profile and freshness, the screens, a rule."""
    return (
        _spread(identity_line(session), _freshness(session), cells),
        _spread(_tabs(current, cells), line((messages.SCREENS_AND_HELP, "dim")), cells),
        line((GLYPHS.rule * cells, "rule")),
    )


def tiny_line(session: Session, cells: int) -> Line:
    """The only line below 60 x 15: the worst signal, and how to see more."""
    worst = _worst(session)
    state = (
        Span(f"{worst.mark} {worst.label}", MARK_ROLES.get(worst.mark, "")) if worst else Span("..")
    )
    return (
        Span(f"{session.name} ", "title"),
        state,
        Span(messages.TOO_SMALL, "dim"),
    )


def _worst(session: Session) -> Signal | None:
    if session.snapshot is None or session.workspace is None:
        return None
    from scim_tui.core.health.severity import worst

    return worst(session.workspace.health.signals(session.snapshot))


def health_line(session: Session, cells: int) -> Line:
    """The health of the directory in one line, most urgent first."""
    if session.trouble is not None:
        again = f" {GLYPHS.bar} {_next_try(session)}"
        return line((f" {session.trouble.message}", "bad"), (again, "dim"))
    if session.snapshot is None or session.workspace is None:
        return line((f" {messages.OPENING}", "dim"))
    live = Span("paused", "warn") if session.paused else Span("live", "dim")
    pieces = [
        _marked(piece.long if cells >= 100 else piece.short, piece.mark)
        for piece in session.workspace.health.line(session.snapshot)
    ]
    return _joined([*pieces, [live]], cells)


def _next_try(session: Session) -> str:
    if session.next_try is not None:
        return messages.next_try(clock_time(session.next_try))
    return messages.PAUSED if session.paused else messages.TRYING


def _joined(pieces: list[list[Span]], cells: int) -> Line:
    """Parts with bars between them; when they do not fit, the good ones are left out first."""
    parts = [Span(" "), *pieces[0]]
    for piece in pieces[1:]:
        parts += [Span(f" {GLYPHS.bar} ", "rule"), *piece]
    fine = [i for i, piece in enumerate(pieces) if any(span.role == "good" for span in piece)]
    if width(parts) > cells and len(pieces) > 2:
        goes = fine[-1] if fine else len(pieces) - 2
        return _joined([piece for i, piece in enumerate(pieces) if i != goes], cells)
    return tuple(parts)


def _marked(words: str, mark: str) -> list[Span]:
    """A text with the mark in it coloured."""
    before, found, after = words.partition(mark) if mark else (words, "", "")
    spans = (Span(before), Span(found, MARK_ROLES.get(mark, "")), Span(after))
    return [span for span in spans if span.text]


def key_line(actions: Sequence[Action], cells: int, off: Collection[str] = ()) -> Line:
    """Keys and what they do, as many as fit; help is always there, and what is off is dim."""
    last = line((" ?", "accent"), (" help ", "dim"))
    parts: list[Span] = []
    room = cells - width(last)
    for action in actions:
        if not action.hint:
            continue
        role = "dim" if action.id in off else "accent"
        label = f"({action.label})" if action.id in off else action.label
        hint = (Span(f" {action.key}", role), Span(f" {label} ", "dim"))
        if width(hint) > room:
            continue
        room -= width(hint)
        parts += hint
    return (*parts, Span(" " * room), *last)


def message_lines(words: str, role: str, cells: int) -> Sequence[Line]:
    """A message to the user, on two lines at most."""
    first, *rest = wrap(words, cells - 2)
    if not rest:
        return (line((f" {first}", role)),)
    return (line((f" {first}", role)), line((f" {fit(' '.join(rest), cells - 2)}", role)))


def bottom_lines(
    session: Session,
    actions: Sequence[Action],
    words: tuple[str, str] | None,
    cells: int,
    off: Collection[str] = (),
) -> Sequence[Line]:
    """Health and keys; a message of one line replaces the health, a longer one both."""
    said = message_lines(*words, cells) if words else (health_line(session, cells),)
    return said if len(said) > 1 else (*said, key_line(actions, cells, off))
