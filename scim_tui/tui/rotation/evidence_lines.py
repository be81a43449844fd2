"""Steps 5 to 8 of the rotation wizard as lines: what was seen, what it proves, the receipt."""

from collections.abc import Iterable
from datetime import datetime

from scim_tui.model.ages import age, span
from scim_tui.model.clock_skew import skew_words
from scim_tui.model.plural import plural
from scim_tui.model.rotation.callers import strangers
from scim_tui.model.rotation.checklist import levels
from scim_tui.model.rotation.key_verdict import KeyVerdict, key_words
from scim_tui.model.rotation.proof import silence, silence_needed, silent_for
from scim_tui.model.rotation.receipt import STILL_YOURS, receipt
from scim_tui.model.rotation.rotation import LoggedRequest, State
from scim_tui.model.rotation.usage import BLIND, sees_requests, sees_use
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import Line, fit, line, wrap
from scim_tui.tui.rotation import messages
from scim_tui.tui.rotation.view import WizardView, clock, para, sentence_lines, when

COUNTS = {
    "own": "ours, not counted",
    "E3": "NEW token  E3",
    "E4": "NEW token  E4",
    "other": messages.NOT_THE_IDP,
    "old": "old token",
    "refused": "refused",
}

_KINDS = {"old": "old token", "other": "new, other"}


def watch_lines(view: WizardView) -> list[Line]:
    """Which client was seen with which token, and how long ago."""
    seen = view.rotation.seen
    who = min(max(view.cells - 56, 10), 40)
    lines = [
        *_uses(view),
        *_clock_lines(view),
        *_key_lines(view),
        *_clients(seen.records, view),
        (),
        line((f"   {'TIME':<11}{'OPERATION':<23}{'WHO':<{who}}COUNTS AS", "dim")),
        *(_record(each, who) for each in seen.records[:6]),
    ]
    if not seen.records:
        lines.append(line((messages.NOTHING_SEEN, "dim")))
    if user := view.test_user:
        words = f"{user.name}: {user.seen or messages.NO_REQUEST_SEEN}"
        lines += para("  Test user", words, view.cells, "good" if user.seen else "accent")
    triggers = [fact.text for fact in view.guide.speaks] if view.guide else []
    return [*lines, *(row for text in triggers[:2] for row in para("  Trigger", text, view.cells))]


def _uses(view: WizardView) -> list[Line]:
    """The uses of both tokens and what was refused, as far as the source records them."""
    rotation, seen = view.rotation, view.rotation.seen
    silent, other = silent_for(rotation), strangers(seen)
    blind = BLIND if isinstance(seen.looked_at, datetime) else messages.NOT_LOOKED
    looks = sees_use(rotation) and blind is BLIND
    new = old = refused = blind
    if looks:
        wanted = span(silence_needed(rotation))
        quiet = messages.CANNOT_BE_SEEN if silent is None else f"silent {span(silent)} of {wanted}"
        requests, writes = plural(seen.new_requests, "request"), plural(seen.new_writes, "write")
        new = messages.new_uses(requests, writes, when(seen.newest_new_at, view.now))
        uses = plural(seen.old_requests, "request")
        old = f"{uses}, newest {clock(seen.newest_old_at)}, {quiet}"
    if looks and sees_requests(rotation):
        newest = age(seen.newest_refused_at, view.now)
        refused = f"{seen.refused}, newest {newest}" if seen.refused else "none seen"
    return [
        present.field("  New token", new),
        present.field("  Old token", old),
        present.field("  Refused", refused),
        *(para("  Not the IdP", other, view.cells, "warn") if other else ()),
    ]


def _clock_lines(view: WizardView) -> list[Line]:
    words = skew_words(view.rotation.seen.skew)
    return para("  Clock", words, view.cells, "warn") if words else []


def _key_lines(view: WizardView) -> list[Line]:
    """How sure the key in the log is, where the log names keys."""
    keys = view.rotation.seen.keys
    if keys is None:
        return []
    role = "good" if keys.verdict is KeyVerdict.DISTINCT else "warn"
    return para("  How sure", key_words(keys, view.now), view.cells, role)


def _clients(records: Iterable[LoggedRequest], view: WizardView) -> list[Line]:
    found: dict[tuple[str, str], list[datetime]] = {}
    for each in records:
        if each.counts_as in {"E3", "E4", "other", "old"}:
            kind = _KINDS.get(each.counts_as, "new token")
            found.setdefault((kind, str(each.client)), []).append(each.at)
    return [
        line(
            (f"     {kind} ", "dim"),
            f"{fit(client, min(view.cells - 52, 32))} ",
            (
                f"{len(times)} of the newest, {age(max(times), view.now)}",
                "good" if kind == "new token" else "warn",
            ),
        )
        for (kind, client), times in sorted(found.items())
    ]


def _record(record: LoggedRequest, who: int) -> Line:
    role = {"E3": "good", "E4": "good", "old": "warn", "other": "warn", "refused": "bad"}.get(
        record.counts_as, "dim"
    )
    return line(
        (f"   {clock(record.at):<11}", "dim"),
        fit(record.operation, 22) + " ",
        fit(str(record.client), who - 1) + " ",
        (COUNTS.get(record.counts_as, "-"), role),
    )


def proof_lines(view: WizardView) -> list[Line]:
    """Each level, what it means, whether and when it was seen."""
    lines = [line((f"   {'LEVEL':<7}{'SEEN AT':<11}WHAT WAS SEEN", "dim"))]
    for each, words, at in levels(view.rotation):
        seen_at = clock(at) if isinstance(at, datetime) else "not seen"
        first, *rest = wrap(words, max(view.cells - 22, 20))
        lines.append(
            line(
                (f"   {each!s:<7}", "bold"),
                (f"{seen_at:<11}", "good" if isinstance(at, datetime) else "dim"),
                first,
            )
        )
        lines += [line(" " * 21, row) for row in rest]
    lines += _key_lines(view)
    lines.append(present.field("  Silence", silence(view.rotation)))
    if view.rotation.waiver:
        waiver = view.rotation.waiver
        lines += para(
            "  Accepted", f"{waiver.level}: {waiver.reason} ({waiver.by})", view.cells, "warn"
        )
    if view.can_suspend and view.rotation.state is State.PROVEN:
        lines += sentence_lines(messages.SUSPEND_FIRST, view.cells, "accent")
    return [
        *lines,
        *sentence_lines(
            messages.NEVER_PROVEN,
            view.cells,
            "dim",
        ),
    ]


def receipt_lines(view: WizardView) -> list[Line]:
    """The receipt, and what is still to be done by hand."""
    rotation = view.rotation
    lines = [
        row for label, words in receipt(rotation) for row in para(f"  {label}", words, view.cells)
    ]
    return [
        *lines,
        present.field("  Saved", messages.saved_in(rotation.id)),
        *para("  Still yours", STILL_YOURS, view.cells),
    ]
