"""Steps 5 to 8 of the rotation wizard as lines: what was seen, what it proves, the receipt."""

from collections.abc import Iterable
from datetime import datetime

from scim_tui.model.ages import age, span
from scim_tui.model.rotation import Record
from scim_tui.model.rotation_callers import strangers
from scim_tui.model.rotation_checklist import WORDS, levels, silence
from scim_tui.model.rotation_proof import level, silence_needed, silent_for
from scim_tui.model.rotation_sight import Sight, key_words
from scim_tui.model.rotation_told import BLIND, sees_requests, sees_use
from scim_tui.tui import present
from scim_tui.tui.rotation_view import View, clock, para, told, when
from scim_tui.tui.text import Line, fit, line, wrap

COUNTS = {"own": "ours, not counted", "E3": "NEW token  E3", "E4": "NEW token  E4",
          "other": "NEW, not the IdP", "old": "old token", "refused": "refused"}  # fmt: skip

_KINDS = {"old": "old token", "other": "new, other"}


def watch_lines(view: View) -> list[Line]:
    """Who was seen with which token, by client and with age."""
    rotation, seen = view.rotation, view.rotation.seen
    silent, wanted = silent_for(rotation), span(silence_needed(rotation))
    other, sees = strangers(seen), sees_use(rotation)
    quiet = f"silent {span(silent)} of {wanted}" if silent is not None else "cannot be seen here"
    who = min(max(view.cells - 56, 10), 40)
    refused = f"{seen.refused}, newest {age(seen.newest_refused_at, view.now)}"
    lines = [
        present.field("  New token", f"{seen.new_requests} requests by the IdP, {seen.new_writes} "
                      f"writes, newest {when(seen.newest_new_at, view.now)}" if sees else BLIND),
        present.field("  Old token", f"{seen.old_requests} requests, newest "
                      f"{clock(seen.newest_old_at)}, {quiet}" if sees else BLIND),
        present.field("  Refused", (refused if seen.refused else "none seen")
                      if sees_requests(rotation) else BLIND),
        *(para("  Not the IdP", other, view.cells, "warn") if other else ()),
        *_key_lines(view),
        *_clients(seen.records, view), (),
        line((f"   {'TIME':<11}{'OPERATION':<23}{'WHO':<{who}}COUNTS AS", "dim")),
    ]  # fmt: skip
    lines += [_record(each, who) for each in seen.records[:6]]
    if not seen.records:
        lines.append(line(("   nothing was seen yet: silence is not failure, and no proof", "dim")))
    speaks = [fact.text for fact in view.guide.speaks] if view.guide else []
    return [*lines, *(row for text in speaks[:2]
                      for row in para("  To speak", text, view.cells))]  # fmt: skip


def _key_lines(view: View) -> list[Line]:
    """How sure the key in the log is, where the log names keys."""
    keys = view.rotation.seen.keys
    if keys is None:
        return []
    role = "good" if keys.sight is Sight.TELLS else "warn"
    return para("  How sure", key_words(keys, view.now), view.cells, role)


def _clients(records: Iterable[Record], view: View) -> list[Line]:
    found: dict[tuple[str, str], list[datetime]] = {}
    for each in records:
        if each.counts_as in {"E3", "E4", "other", "old"}:
            kind = _KINDS.get(each.counts_as, "new token")
            found.setdefault((kind, str(each.client)), []).append(each.at)
    return [
        line((f"     {kind} ", "dim"), f"{fit(client, min(view.cells - 52, 32))} ",
             (f"{len(times)} of the newest, {age(max(times), view.now)}",
              "good" if kind == "new token" else "warn"))
        for (kind, client), times in sorted(found.items())
    ]  # fmt: skip


def _record(record: Record, who: int) -> Line:
    role = {"E3": "good", "E4": "good", "old": "warn", "other": "warn", "refused": "bad"}.get(
        record.counts_as, "dim"
    )
    return line(
        (f"   {clock(record.at):<11}", "dim"), fit(record.operation, 22) + " ",
        fit(str(record.client), who - 1) + " ", (COUNTS.get(record.counts_as, "-"), role),
    )  # fmt: skip


def proof_lines(view: View) -> list[Line]:
    """Each level, what it means, whether and when it was seen."""
    lines = [line((f"   {'LEVEL':<7}{'SEEN AT':<11}WHAT WAS SEEN", "dim"))]
    for each, words, at in levels(view.rotation):
        seen_at = clock(at) if isinstance(at, datetime) else "not seen"
        first, *rest = wrap(words, max(view.cells - 22, 20))
        lines.append(line((f"   {each!s:<7}", "bold"),
                          (f"{seen_at:<11}", "good" if isinstance(at, datetime) else "dim"),
                          first))  # fmt: skip
        lines += [line(" " * 21, row) for row in rest]
    lines += _key_lines(view)
    lines.append(present.field("  Silence", silence(view.rotation)))
    if view.rotation.waiver:
        waiver = view.rotation.waiver
        lines += para("  Accepted", f"{waiver.level}: {waiver.reason} ({waiver.by})",
                                   view.cells, "warn")  # fmt: skip
    return [*lines, *told("Not proven, and cannot be from here: that nobody else still holds the "
                           "old token and just has not spoken.", view.cells, "dim")]  # fmt: skip


def receipt_lines(view: View) -> list[Line]:
    """What is left of it at the end."""
    rotation, seen = view.rotation, view.rotation.seen
    gone = {"api": "deleted here", "word": "deleted, by your word"}.get(
        str(rotation.gone_by), f"gone, {rotation.gone_by}"
    )
    new = rotation.new
    refused = age(seen.newest_refused_at, view.now) if seen.refused else "none seen"
    refused = refused if sees_requests(rotation) else BLIND
    writes = f"{seen.new_writes}, newest {clock(seen.newest_write_at)}"
    waiver = f", accepted: {rotation.waiver.reason}" if rotation.waiver else ""
    ways = "; ".join(f"{r.way} {clock(r.at)}" for r in rotation.receipts)
    return [
        present.field("  Old token", f"{rotation.old.id}, {gone} {clock(rotation.gone_at)}"),
        present.field("  New token", f"{new.id}, expires "
                      + present.moment(new.expires_at, day_only=True).text if new else "none"),
        present.field("  Proof", f"{level(rotation)}{waiver}"),
        present.field("  It means", WORDS.get(level(rotation), "nothing was seen")),
        present.field("  IdP writes", writes if sees_use(rotation) else BLIND),
        present.field("  Refusals", refused),
        *para("  Secret", f"handed over: {ways or 'never'}; not kept by this program",
                           view.cells),
        present.field("  Saved", f"rotations/{rotation.id}.json and the audit; no secrets"),
        present.field("  Still yours", "clear clipboard history and files that hold the secret"),
    ]  # fmt: skip
