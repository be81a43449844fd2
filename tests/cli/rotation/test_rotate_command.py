"""`scim-tui tokens rotate` without a person: options, words, codes and what is left on disk."""

import asyncio
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.cli.rotation import watch as rotation_watch
from scim_tui.core.base.audit import AuditTrail
from scim_tui.core.base.mutation import Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.rotation.journal import Journal
from scim_tui.model.capabilities import no
from scim_tui.model.errors import OutcomeUnknown, Unreachable
from scim_tui.model.rotation.rotation import State
from tests.cli.conftest import Command
from tests.cli.rotation.rotate_kit import NEW, OLD, Lab
from tests.fakes.memory import ALL_YES, MemoryProvider


@pytest.fixture
def lab(
    provider: MemoryProvider, command: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lab]:
    made = Lab(provider, command, place)
    monkeypatch.setattr(rotation_watch, "sleep", made.pause)
    made.begin()
    yield made
    kept = [path for path in (place / "data").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"memory-secret" in path.read_bytes()]


def test_all_the_way_in_one_command(lab: Lab) -> None:
    shown = lab.install("--wait-observed", "45m", "--confirm", "DELETE", "--json")
    assert (shown.code, lab.ids, lab.refused) == (0, [NEW], 0)
    data = shown.json
    assert (data["open"], data["rotation"]["state"]) == (False, "done")
    assert [step["mark"] for step in data["steps"]] == ["ok"] * 8
    assert data["rotation"]["level"] == "E5"


def test_without_the_word_it_stops_before_the_deletion_and_says_how_to_go_on(lab: Lab) -> None:
    shown = lab.install("--wait-observed", "45m")
    assert (shown.code, lab.ids, lab.state) == (2, [OLD, NEW], State.PROVEN)
    assert "--resume --confirm DELETE" in shown.err
    assert lab.rotate("--status").code == 1
    done = lab.rotate("--resume", "--confirm", "DELETE", "--wait-observed", "5m")
    assert (done.code, lab.ids, lab.state) == (0, [NEW], State.DONE)
    status = lab.rotate("--status")
    assert status.code == 0
    assert "rot-0001, over" in status.out


def test_without_proof_nothing_is_deleted(lab: Lab) -> None:
    lab.speaks = False
    shown = lab.install("--wait-observed", "45m", "--confirm", "DELETE")
    assert (shown.code, lab.ids, lab.state) == (1, [OLD, NEW], State.WATCHING)
    assert "Not proven yet: seen E1" in shown.err
    assert "tokens rotate --resume" in shown.err


def test_while_the_old_token_is_used_nothing_is_deleted(lab: Lab) -> None:
    lab.old_speaks = True
    shown = lab.install("--wait-observed", "2h", "--confirm", "DELETE")
    assert (shown.code, lab.ids) == (1, [OLD, NEW])
    assert "seen E4" in shown.err


@pytest.mark.parametrize(
    "argv", [(), ("--confirm", "DELETE"), ("--old", OLD), ("--old", OLD, "--confirm", "delete")]
)
def test_less_proof_needs_both_words(lab: Lab, argv: tuple[str, ...]) -> None:
    shown = lab.install("--accept-unproven", "the IdP is on holiday", *argv)
    assert (shown.code, lab.ids, lab.provider.calls) == (2, [OLD], ["create_token"])


def test_less_proof_with_both_words_and_a_reason(lab: Lab) -> None:
    lab.speaks = False
    words = ("--accept-unproven", "the IdP is on holiday", "--old", OLD, "--confirm", "DELETE")
    shown = lab.install(*words)
    assert (shown.code, lab.ids, lab.state) == (0, [NEW], State.AFTERWATCH)
    assert "the IdP is on holiday" in lab.rotate("--status", "--json").out


def test_the_other_id_is_not_the_word(lab: Lab) -> None:
    lab.install()
    words = ("--accept-unproven", "because", "--old", NEW, "--confirm", "DELETE")
    assert (lab.rotate("--resume", *words).code, lab.ids) == (2, [OLD, NEW])


def test_without_a_destination_for_the_secret_nothing_begins(lab: Lab) -> None:
    shown = lab.rotate()
    assert (shown.code, lab.ids) == (2, [OLD])
    assert "--idp IDP" in shown.err
    assert lab.rotate("--status").code == 0


def test_a_program_that_is_not_there_makes_no_token(lab: Lab) -> None:
    shown = lab.rotate("--idp", "command:no-such-program")
    assert (shown.code, lab.ids, lab.state) == (2, [OLD], State.CREATE_INTENT)
    assert lab.install("--resume").code == 1
    assert lab.ids == [OLD, NEW]


def test_a_program_that_fails_leaves_a_way_on(lab: Lab) -> None:
    shown = lab.rotate("--idp", "command:false")
    assert (shown.code, lab.ids, lab.state) == (1, [OLD, NEW], State.SECRET_GONE)
    assert "Delete token-0002 and make another one" in shown.err
    assert lab.install("--resume").code == 2
    assert lab.ids == [OLD, NEW]
    done = lab.install("--resume", "--confirm", "DELETE", "--wait-observed", "45m")
    assert (done.code, lab.ids, lab.refused) == (0, ["token-0003"], 0)


def test_an_answer_that_was_lost_is_found_out(lab: Lab) -> None:
    lab.provider.fail_next(Unreachable("No answer."), "create_token")
    assert (lab.install().code, lab.ids, lab.state) == (3, [OLD], State.CREATE_INTENT)
    lab.provider.fail_next(OutcomeUnknown("No answer."), "delete_token")
    assert lab.install("--resume", "--wait-observed", "45m", "--confirm", "DELETE").code in {0, 2}
    lab.install("--resume", "--wait-observed", "45m", "--confirm", "DELETE")
    assert lab.ids == [NEW]


def test_no_answer_for_a_while_is_waited_out(lab: Lab) -> None:
    lab.install()
    lab.provider.fail_next(Unreachable("No answer for now."), "events")
    shown = lab.install("--resume", "--wait-observed", "45m", "--confirm", "DELETE")
    assert (shown.code, lab.ids) == (0, [NEW])
    assert "No answer for now." in shown.err


def test_room_is_made_by_name_and_word_only(lab: Lab) -> None:
    asyncio.run(lab.provider.create_token())
    shown = lab.install("--confirm", "DELETE")
    assert (shown.code, lab.ids) == (1, [OLD, NEW])
    assert f"--free {NEW} --confirm DELETE" in shown.err
    assert lab.install("--resume", "--free", OLD, "--confirm", "DELETE").code == 2
    assert lab.install("--resume", "--free", NEW).code == 2
    assert lab.ids == [OLD, NEW]
    assert lab.install("--resume", "--free", NEW, "--confirm", "DELETE").code == 1
    assert lab.ids == [OLD, "token-0003"]


def test_by_hand_the_secret_goes_to_a_file_and_the_idp_is_waited_for(lab: Lab) -> None:
    path = lab.folder / "secret"
    shown = lab.rotate("--idp", "manual:okta", "--secret-to", f"file:{path}")
    assert (shown.code, lab.state) == (1, State.DELIVERED)
    assert f"--not-arrived {NEW}" in shown.err
    assert path.stat().st_mode & 0o777 == 0o600
    lab.idp.write_text(path.read_text().strip())
    done = lab.rotate(
        "--resume",
        "--idp",
        "manual:okta",
        "--wait-observed",
        "2h",
        "--every",
        "60s",
        "--confirm",
        "DELETE",
    )
    assert (done.code, lab.ids, lab.refused) == (0, [NEW], 0)


def test_the_secret_is_on_stdout_only_when_asked(lab: Lab) -> None:
    shown = lab.rotate("--secret-to", "stdout")
    assert shown.out.startswith("memory-secret-0002")
    assert shown.out.count("\n") == 1
    assert lab.rotate("--secret-to", "stdout", "--json").code == 2


def test_abort_leaves_or_deletes_what_it_made(lab: Lab) -> None:
    lab.install()
    shown = lab.rotate("--abort")
    assert (shown.code, lab.ids, lab.state) == (0, [OLD, NEW], State.ABORTED)
    assert f"{OLD}, {NEW}" in shown.err
    assert lab.rotate("--abort").code == 2
    steps = lab.rotate("--status", "--json").json["steps"]
    assert "now" not in {step["mark"] for step in steps}


def test_abort_deletes_a_token_that_was_not_delivered(lab: Lab) -> None:
    lab.rotate("--idp", "command:false")
    assert lab.rotate("--abort", "--confirm", "DELETE").code == 0
    assert (lab.ids, lab.state) == ([OLD], State.ABORTED)


def test_abort_says_why_nothing_was_stopped(lab: Lab) -> None:
    lab.speaks = False
    words = ("--accept-unproven", "the IdP is on holiday", "--old", OLD, "--confirm", "DELETE")
    lab.install(*words)
    assert (lab.ids, lab.state) == ([NEW], State.AFTERWATCH)
    shown = lab.rotate("--abort", "--confirm", "DELETE")
    assert (shown.code, lab.state) == (2, State.AFTERWATCH)
    assert "Nothing was stopped, because:" in shown.err
    assert f"{OLD} is gone, so {NEW} may be the only token that works." in shown.err
    trail = (lab.folder / "data" / "audit.jsonl").read_text()
    assert f'"detail":"not stopped: {OLD} is gone' in trail
    assert lab.rotate("--abort").code == 0
    assert (lab.ids, lab.state) == ([NEW], State.ABORTED)


def test_a_secret_that_another_process_holds_is_not_called_lost(lab: Lab) -> None:
    data = lab.folder / "data"
    journal = Journal.of(data, "ana@host")
    trail = AuditTrail(data / "audit.jsonl", actor="ana@host", profile="local", via="tui")
    session = Rotations(lab.provider, Guard(trail, read_only=False), journal)

    async def begin() -> None:
        await session.start()
        await session.create()

    asyncio.run(begin())
    held = f"held in memory by PID {os.getpid()}"
    shown = lab.rotate("--status")
    assert held in shown.out
    assert held in shown.err
    assert "lost; find out" not in shown.err
    assert "--take-over 'TAKE OVER'" in shown.err
    assert held in lab.rotate("--status", "--json").json["next"]["sentence"]
    shown = lab.rotate("--resume")
    assert "works on the rotation" in shown.err
    assert "Taking it over loses the text" in shown.err
    assert "text of the new token is lost" not in shown.err
    assert held in lab.rotate("--resume", "--json").json["next"]["sentence"]
    # The same entry of a process that has ended: its memory is gone.
    gone = journal.me.model_copy(update={"pid": 2**22 + 1, "started": "1"})
    (data / "rotations" / "lock.json").write_text(gone.model_dump_json())
    shown = lab.rotate("--status")
    assert "The text of the new token is lost" in shown.err
    assert "PID" not in shown.err


def test_trouble_stops_it_until_a_person_settles_it(lab: Lab) -> None:
    lab.install()
    lab.provider.access_tokens = [t for t in lab.provider.access_tokens if t.id != OLD]
    assert lab.install("--resume").code == 1
    shown = lab.install("--resume", "--confirm", "DELETE")
    assert (shown.code, lab.state, lab.ids) == (1, State.ATTENTION, [NEW])
    assert "--settle REASON" in shown.err
    assert lab.install("--resume", "--settle", "we did it").code == 0
    assert lab.state is State.AFTERWATCH


def test_a_second_start_is_refused_and_a_finished_watch_is_no_obstacle(lab: Lab) -> None:
    lab.install()
    shown = lab.install()
    assert (shown.code, lab.ids) == (2, [OLD, NEW])
    assert "rot-0001 is open" in shown.err
    lab.install("--resume", "--wait-observed", "45m")
    lab.rotate("--resume", "--confirm", "DELETE")
    assert lab.state is State.AFTERWATCH
    lab.time.pass_(minutes=31)
    lab.speaks = False
    assert lab.install().code == 1
    assert lab.ids == [NEW, "token-0003"]


def test_one_that_is_held_elsewhere_is_taken_over_by_its_words_only(lab: Lab) -> None:
    lab.install()
    other = Journal.of(lab.folder / "data", "bob@bastion-2")
    other.me = other.me.model_copy(update={"host": "bastion-2", "by": "bob@bastion-2"})
    other.hold()
    held = lab.install("--resume")
    assert held.code == 1
    assert "bob@bastion-2" in held.err
    assert lab.rotate("--status", "--json").json["held_by"]["by"] == "bob@bastion-2"
    assert lab.install("--resume", "--take-over", "take over").code == 2
    assert lab.install("--take-over", "TAKE OVER").code == 2
    assert other.holder() is None
    taken = lab.install("--resume", "--take-over", "TAKE OVER")
    assert "Not proven yet" in taken.err


def test_a_wrong_word_does_nothing(lab: Lab) -> None:
    for argv in (("--confirm", "yes"), ("--resume", "--confirm", "delete"), ("--free", OLD)):
        assert lab.install(*argv).code == 2
    assert lab.provider.calls == ["create_token"]


def test_read_only_rotates_nothing(lab: Lab) -> None:
    assert lab.install("--read-only").code == 4
    assert lab.ids == [OLD]


def test_a_person_makes_and_deletes_the_token_where_no_api_does(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.provider.capabilities = replace(
        ALL_YES, create_token=no("By hand."), delete_token=no("By hand.")
    )
    idp = ("--idp", f"command:tee {lab.idp}", "--every", "60s")
    assert lab.rotate(*idp).code == 2
    made = asyncio.run(lab.provider.create_token())
    monkeypatch.setattr("sys.stdin", io.StringIO(made.secret.get_secret_value() + "\n"))
    shown = lab.rotate("--resume", *idp, "--new-id", NEW, "--wait-observed", "45m")
    assert (shown.code, lab.state) == (1, State.PROVEN)
    assert "--deleted-by-hand" in shown.err
    done = lab.rotate("--resume", "--deleted-by-hand", "--confirm", "DELETE")
    assert (done.code, lab.state) == (0, State.AFTERWATCH)


def test_the_status_has_the_same_keys_always(lab: Lab) -> None:
    empty = lab.rotate("--status", "--json")
    assert empty.code == 0
    lab.install()
    there = lab.rotate("--status", "--json")
    assert list(there.json) == list(empty.json)
    assert there.json["rotation"]["new"]["id"] == NEW
    assert json.dumps(there.json).count("memory-secret") == 0
    assert there.json["next"]["who"] == "idp"


def test_where_proof_is_impossible_the_way_without_it_is_shown(lab: Lab) -> None:
    lab.provider.capabilities = replace(
        ALL_YES, list_tokens=no("No API."), events=no("No log."), create_token=no("By hand.")
    )
    lab.rotate("--idp", f"command:tee {lab.idp}", "--old", OLD)
    made = asyncio.run(lab.provider.create_token())
    path = lab.folder / "typed"
    path.write_text(made.secret.get_secret_value() + "\n")
    with path.open() as stream, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", stream)
        shown = lab.install("--resume", "--new-id", NEW)
    assert (shown.code, lab.state) == (1, State.WATCHING)
    assert f"--old {OLD} --confirm DELETE --accept-unproven REASON" in shown.err


def test_the_old_token_that_is_named_has_to_be_that_of_the_open_rotation(lab: Lab) -> None:
    lab.install()
    shown = lab.install("--resume", "--old", NEW, "--wait-observed", "45m", "--confirm", "DELETE")
    assert (shown.code, lab.ids) == (2, [OLD, NEW])
    assert f"replaces {OLD}, not {NEW}" in shown.err


def test_with_a_pause_the_old_token_is_off_for_a_cycle_first(lab: Lab) -> None:
    shown = lab.install("--suspend", "--wait-observed", "3h", "--confirm", "DELETE")
    assert (shown.code, lab.ids, lab.refused) == (0, [NEW], 0)
    assert f"{OLD} is off for" in shown.err
    assert lab.provider.calls.count("suspend_token") == 1


def test_a_pause_that_is_not_over_is_reported_and_can_be_taken_back(lab: Lab) -> None:
    shown = lab.install("--suspend", "--wait-observed", "61m", "--confirm", "DELETE")
    assert (shown.code, lab.ids, lab.state) == (1, [OLD, NEW], State.SUSPENDED)
    assert "has to be for" in shown.err
    assert "--reinstate" in shown.err
    lab.speaks = False
    back = lab.rotate("--resume", "--reinstate")
    assert (back.code, lab.state) == (1, State.WATCHING)
    assert lab.provider.access_tokens[0].suspended is False
    assert lab.rotate("--resume", "--suspend").code == 2
    assert lab.rotate("--reinstate").code == 2


def test_a_client_refused_during_the_pause_stops_the_run_with_the_token_on(lab: Lab) -> None:
    lab.install("--suspend", "--wait-observed", "61m", "--confirm", "DELETE")
    lab.old_speaks = True
    shown = lab.rotate("--resume", "--wait-observed", "45m", "--confirm", "DELETE")
    assert (shown.code, lab.ids, lab.state) == (1, [OLD, NEW], State.WATCHING)
    assert f"was refused since {OLD} is off" in shown.err
    assert lab.provider.access_tokens[0].suspended is False


def test_waiting_ends_when_it_was_said_to_end(lab: Lab) -> None:
    lab.speaks = False
    began = lab.time()
    shown = lab.install("--wait-observed", "20s", "--confirm", "DELETE")
    assert (shown.code, lab.state) == (1, State.WATCHING)
    assert lab.time() - began == timedelta(seconds=20)


def test_a_new_token_in_use_is_not_deleted_by_an_abort_that_names_the_plain_one(lab: Lab) -> None:
    lab.install("--wait-observed", "1m")
    shown = lab.rotate("--abort", "--confirm", "DELETE")
    assert (shown.code, lab.ids) == (2, [OLD, NEW])
    assert "Stop without a deletion: scim-tui tokens rotate --abort" in shown.err
    assert lab.rotate("--abort").code == 0
    assert lab.ids == [OLD, NEW]


def test_a_clock_that_is_wrong_is_named_in_the_status(lab: Lab) -> None:
    lab.provider.clock_skew = timedelta(days=-30)
    lab.install("--wait-observed", "1m")
    status = lab.rotate("--status")
    assert "clock is 30d" in " ".join(status.out.split())
    assert lab.rotate("--status", "--json").json["rotation"]["clock_skew_seconds"] == -2592000
