"""The rotation wizard as lines: pure functions of a `WizardView`, tested without a terminal."""

from collections.abc import Callable
from datetime import datetime

from scim_tui.model.ages import span
from scim_tui.model.plural import plural
from scim_tui.model.rotation.checklist import STEPS, checklist, place
from scim_tui.model.rotation.guards import HELD
from scim_tui.model.rotation.next_step import Turn, what_next
from scim_tui.model.rotation.proof import level, silence
from scim_tui.model.rotation.rotation import Rotation, State, Strategy
from scim_tui.model.rotation.usage import by_idp, by_us, use_of_old, uses_of_old
from scim_tui.model.token_use import use_words
from scim_tui.model.unknown_values import NEVER
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import GLYPHS, Line, Span, fit, line, middle, wrap
from scim_tui.tui.rotation import messages
from scim_tui.tui.rotation.evidence_lines import proof_lines, receipt_lines, watch_lines
from scim_tui.tui.rotation.step_table import StepWords, needed, step_words
from scim_tui.tui.rotation.view import WizardView, clock, para, sentence_lines, when

MARKS = {
    "ok": ("[ok]", "good"),
    "now": ("[..]", "accent"),
    "": ("[  ]", "dim"),
    "warn": ("[!!]", "warn"),
    "bad": ("[!!]", "bad"),
    "unknown": ("[ ?]", "unknown"),
}
_GAP = (*HELD, State.SECRET_GONE, State.DELIVERED, State.INSTALL_CLAIMED)


def title_line(rotation: Rotation | None) -> Line:
    """All steps, with the present one marked."""
    if rotation is None:
        return line((" ROTATE", "title"))
    here = place(rotation)
    parts = [Span(f" ROTATE {here + 1}/{len(STEPS)} ", "title")]
    for number, name in enumerate(STEPS):
        parts.append(
            Span(f" [{name}]" if number == here else f" {name}", "tab" if number == here else "dim")
        )
    return tuple(parts)


def state_line(rotation: Rotation, *, secret_held: bool) -> Line:
    """What is on disk, and what is in memory only."""
    secret = (messages.IN_MEMORY, "warn") if secret_held else (messages.NONE_HELD, "dim")
    end = "over" if not rotation.open else f"at {rotation.state.value}"
    return line(
        (f" {rotation.id} {end}", ""),
        (", saved", "dim"),
        (f" {GLYPHS.bar} ", "rule"),
        ("secret: ", "dim"),
        secret,
    )


def rail(view: WizardView, *, whole: bool = True) -> list[Line]:
    """The checklist, each step with its evidence and time; `whole`: also what is to come."""
    lines: list[Line] = []
    for number, step in enumerate(checklist(view.rotation)):
        if not whole and (step.mark in {"", "now"} or number >= place(view.rotation)):
            continue
        mark, role = MARKS[step.mark]
        first, *rest = wrap(step.evidence, max(view.cells - 26, 16))
        lines.append(
            line(
                (f" {mark} ", role),
                f"{number + 1} {step.title:<8}",
                (f"{clock(step.at):<10}", "dim"),
                first,
            )
        )
        lines += [line(" " * 25, row) for row in rest[: 2 if whole else 0]]
    return lines


def side(view: WizardView) -> list[Line]:
    """The checklist, the uses of both tokens and the proof, beside the step."""
    rotation, seen = view.rotation, view.rotation.seen
    new = rotation.new.id if rotation.new else "none yet"
    looked = seen.looked_at is not NEVER
    newest = when(use_of_old(rotation), view.now) if looked else messages.NOT_LOOKED
    idp = by_idp(rotation) if looked else messages.NOT_LOOKED
    return [
        line((f" {rotation.id}", "title"), (f"  to replace {rotation.old.id}", "dim")),
        (),
        *rail(view),
        (),
        line((" OLD ", "title"), rotation.old.id),
        present.field("  newest use", newest),
        present.field("  since begun", uses_of_old(rotation) if looked else messages.NOT_LOOKED),
        *para("  silence", silence(rotation) if looked else messages.NOT_LOOKED, view.cells),
        line((" NEW ", "title"), new),
        present.field(
            "  by us", f"{plural(by_us(rotation), 'request')}, not counted" if rotation.new else "-"
        ),
        present.field("  by the IdP", idp if rotation.new else "-"),
        (),
        present.field("PROOF", f"{level(rotation)} now"),
        *para("needed", needed(rotation), view.cells),
        (),
        present.field("RESUME", messages.RESUME_BY),
    ]


def step_lines(view: WizardView) -> list[Line]:
    """The step itself: who does what, what was found, what comes next."""
    rotation, step = view.rotation, place(view.rotation)
    words = step_words(rotation, step)
    head = line((f" Step {step + 1} of {len(STEPS)}  ", "dim"), (words.title, "title"))
    held = sentence_lines(view.held_by, view.cells, "warn") if view.held_by else _next(view)
    who = _who(words, view.cells) if view.rotation.state is not State.ABORTED else []
    if view.short:
        who = para("  you", words.person, view.cells, "", 8)
    return [head, *held, *who, (), *_body(view)]


def _who(words: StepWords, cells: int) -> list[Line]:
    return [
        *para("  tool", words.tool, cells, "dim", 8),
        *para("  you", words.person, cells, "", 8),
        *para("  proof", words.proof, cells, "dim", 8),
    ]


def _next(view: WizardView) -> list[Line]:
    found = what_next(view.rotation, view.now, secret_held=view.secret_held)
    trouble = view.rotation.state is State.ATTENTION
    role = "bad" if trouble else "accent" if found.turn is Turn.YOU else "dim"
    note = view.rotation.trouble if not trouble else ""
    lost = (
        []
        if not view.rotation.lost
        else [messages.lost_tokens(", ".join(each.id for each in view.rotation.lost))]
    )
    return [
        *sentence_lines(
            f"{'Next' if view.rotation.open else 'Over'}: {found.sentence}", view.cells, role
        ),
        *(
            row
            for text in [note, _gap(view), *lost]
            if text
            for row in sentence_lines(text, view.cells, "warn")
        ),
    ]


def _gap(view: WizardView) -> str:
    """Swap: for how long the IdP has been refused."""
    rotation = view.rotation
    since = rotation.since(State.CREATING)
    waiting = rotation.strategy is Strategy.SWAP and rotation.state in _GAP
    if not (waiting and isinstance(since, datetime)):
        return ""
    return messages.old_ended(rotation.old.id, since, span(view.now - since))


def _body(view: WizardView) -> list[Line]:
    if view.rotation.state is State.FREE_SLOT:
        return _slots(view)
    return _BODIES[place(view.rotation)](view)


def _checks(view: WizardView) -> list[Line]:
    lines: list[Line] = []
    for check in view.rotation.checks:
        mark, role = MARKS.get(check.mark, MARKS["unknown"])
        first, *rest = wrap(check.sentence, max(view.cells - 22, 20))
        lines.append(line((f"   {mark:<5} ", role), f"{check.name:<13}", first))
        lines += [line(" " * 22, row) for row in rest]
    return lines


def _slots(view: WizardView) -> list[Line]:
    lines = _checks(view)[1:2]
    for place_, (token, reason) in enumerate(view.slots):
        words = reason or (messages.MAY_GO_FIRST if not place_ else messages.MAY_GO)
        lines.append(
            line(
                f"   {middle(token.id, 14):<14}  {token.state(view.now)!s:<8} ",
                (use_words(token, view.now), "dim"),
            )
        )
        lines.append(line((f"     {words}", "dim" if reason else "good")))
    return lines


def _made(view: WizardView) -> list[Line]:
    rotation = view.rotation
    if rotation.new is None:
        kept = messages.not_touched(rotation.old.id)
        return sentence_lines(kept, view.cells, "dim")
    end = present.moment(rotation.new.expires_at, day_only=True).text
    lines = [present.field("  New token", f"{rotation.new.id}, expires {end}")]
    if rotation.fingerprint:
        print_ = rotation.fingerprint
        lines.append(
            present.field("  Its text", f"{print_.length} characters, salted sha256 {print_.short}")
        )
    for probe in rotation.probes[-2:]:
        answer = {
            True: f"{probe.status}, accepted: E1",
            False: probe.message or "refused",
            None: messages.NO_ANSWER_SEEN,
        }[probe.ok]
        lines.append(present.field("  Our test", f"{clock(probe.at)} {answer}"))
    return lines


def _ways(view: WizardView) -> list[Line]:
    lines = [line((f"   #  {'WAY':<30}{'HERE':<6}{messages.LEAVES_OR_WHY}", "dim"))]
    for number, way in enumerate(view.ways):
        here = number == view.way
        lines.append(
            line(
                (f" {GLYPHS.point if here else ' '} {number + 1}  ", "accent"),
                (f"{fit(way.title, 29)} ", "bold" if here else "dim" if way.off else ""),
                (f"{'no' if way.off else 'yes':<6}", "dim" if way.off else "good"),
                (fit(way.off or way.leaves, max(view.cells - 43, 10)).rstrip(), "dim"),
            )
        )
    chosen = view.ways[view.way] if view.ways else None
    if chosen is not None and chosen.off:
        lines += para("  Not here", chosen.off, view.cells, "warn")
    gone = "; ".join(f"{r.way}: {r.outcome or 'not known'}" for r in view.rotation.receipts)
    lines.append(present.field("  So far", gone or "nothing"))
    if not view.rotation.receipts:
        swap = view.rotation.strategy is Strategy.SWAP
        words = messages.LOST_BY_SWAP if swap else messages.LOST_WITH_SESSION
        lines += sentence_lines(words, view.cells, "warn" if swap else "dim")
    return lines


def _install(view: WizardView) -> list[Line]:
    lines = [line((f"   In {view.idp}:", "title"))]
    for number, step in enumerate(view.steps, 1):
        first, *rest = wrap(step.text, max(view.cells - 10, 20))
        lines.append(line((f"   {number:>2}  ", "accent"), first))
        lines += [line(" " * 7, row) for row in rest]
        if step.value:
            lines.append(line(" " * 9, (step.value, "accent"), ("  y copies", "dim")))
    if view.guide and view.guide.test:
        lines += para("   its test", view.guide.test.text, view.cells, "", 13)
    if tested := view.rotation.tested:
        lines.append(
            present.field("   it said", f"{tested.result}, {tested.detail}".rstrip(", "), 13)
        )
    return lines


_BODIES: tuple[Callable[[WizardView], list[Line]], ...] = (
    _checks,
    _made,
    _ways,
    _install,
    watch_lines,
    proof_lines,
    proof_lines,
    receipt_lines,
)
