"""Ways of ending, and what comes out when the data is hostile."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scim_tui.cli import main
from scim_tui.cli.base import output
from scim_tui.cli.base.cells import cell_width
from scim_tui.model.directory import Kind
from tests.cli.conftest import Command
from tests.fakes.memory import MemoryProvider

HOSTILE = "x\x1b]52;c;aGk=\x07\r\nfake: line\u202egnp.exe\u200b\x9b31m[bold]"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_nothing_hostile_reaches_the_terminal(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = {"id": "u1", "userName": HOSTILE, "displayName": HOSTILE, "nick\x1bName": HOSTILE}
    provider.resources[Kind.USERS] = {"u1": user}
    for argv in (
        ("users", "list"),
        ("users", "show", "u1"),
        ("users", "list", "--json"),
        ("users", "list", "--jsonl"),
        ("users", "show", "u1", "--json"),
    ):
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        assert main.run(argv) == 0
        text = screen.getvalue()
        assert argv == ("users", "list") or "fake: line" in text
        assert all(sign.isprintable() or sign == "\n" for sign in text), argv
        assert not any(sign in text for sign in "\u202e\u200b\x9b\x1b")
        assert "\nfake" not in text


def test_json_keeps_every_character(command: Command, provider: MemoryProvider) -> None:
    name = HOSTILE + "\U000e0041 Zoë 山田"
    provider.resources[Kind.USERS] = {"u1": {"id": "u1", "userName": "a", "displayName": name}}
    shown = command("users", "list", "--json")
    assert shown.json["users"][0]["display_name"] == name
    assert "Zoë 山田" in shown.out
    assert json.loads(output.as_json("half \ud800")) == "half \ud800"


def test_half_a_character_ends_no_listing(command: Command, provider: MemoryProvider) -> None:
    provider.resources[Kind.USERS] = {"u1": {"id": "u1", "userName": "a", "displayName": "\ud800b"}}
    for argv in (("users", "list"), ("users", "list", "--jsonl"), ("users", "show", "a")):
        assert command(*argv).code == 0
    assert command("users", "list", "--search", "b", "--json").json["users"][0]["id"] == "u1"


def test_errors_from_outside_are_made_visible(command: Command, provider: MemoryProvider) -> None:
    from scim_tui.model.errors import Refused

    provider.fail_next(Refused(f"Said: {HOSTILE}", HOSTILE), "tokens")
    shown = command("tokens", "list")
    assert "\x1b" not in shown.err
    assert shown.err.count("\n") == 2


def test_a_fault_of_ours_is_short_and_has_its_own_code(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise KeyError("hush-hush")

    monkeypatch.setattr(provider, "tokens", broken)
    shown = command("tokens", "list")
    assert shown.code == 70
    assert "KeyError in test_edges.py:" in shown.err
    assert "hush-hush" not in shown.err


def test_an_interruption_is_130(
    command: Command, provider: MemoryProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(provider, "tokens", interrupted)
    assert command("tokens", "list").code == 130


def test_the_screens_need_a_terminal(command: Command) -> None:
    shown = command()
    assert shown.code == 2
    assert "need a terminal" in shown.err


@pytest.mark.parametrize(
    "argv", [("nonsense",), ("tokens",), ("tokens", "list", "--nonsense"), ("--profil", "x")]
)
def test_a_wrong_command_line_is_2(command: Command, argv: tuple[str, ...]) -> None:
    assert command(*argv).code == 2


def test_an_unknown_option_shows_the_usage_of_its_command(command: Command) -> None:
    shown = command("users", "list", "--limit", "2")
    assert shown.code == 2
    assert shown.err.startswith("usage: scim-tui users list ")
    assert "unrecognized arguments: --limit 2" in shown.err
    assert command("--limit", "2").code == 2


@pytest.mark.parametrize("port", ["99999", "65536", "-1", "x", "9" * 5000])
def test_a_port_that_is_none_is_reported(command: Command, port: str) -> None:
    shown = command("serve", f"--port={port}")
    assert shown.code == 2
    assert "a port is 0 to 65535" in shown.err


def test_version(command: Command) -> None:
    from scim_tui import __version__

    assert command("--version").out == f"scim-tui {__version__}\n"


def test_a_reader_that_leaves_is_no_error(place: Path) -> None:
    code = (
        "import sys; from scim_tui.cli import main; from scim_tui.cli.base import output\n"
        "main._dispatch = lambda *_: [output.line('x' * 9999) for _ in range(99)] and 0\n"
        "sys.exit(main.run([]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(30) == 0
    child.stderr.close()


@pytest.mark.parametrize(
    "argv", [("profiles", "list"), ("profiles", "list", "--json"), ("--help",), ("users", "--help")]
)
def test_a_full_disk_is_reported(place: Path, argv: tuple[str, ...]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scim_tui", *argv],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "The system refused: No space left on device.\n"


def test_a_token_whose_secret_cannot_be_printed_is_deleted(place: Path) -> None:
    def call(*argv: str, out: int = subprocess.PIPE) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "scim_tui", *argv],
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    call("provisioning", "enable")
    for form in ((), ("--json",)):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = call("tokens", "create", "--secret-to", "stdout", *form, out=full.fileno())
        assert done.returncode == 1
        assert "was deleted again" in done.stderr
        assert json.loads(call("tokens", "list", "--json").stdout)["tokens"] == []


def test_a_terminal_that_cannot_write_a_name_gets_it_spelled_out(place: Path) -> None:
    code = "from scim_tui.cli import main; main.open_streams(); print('Zoë')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": "."},
    )
    assert done.stdout == b"Zo\\xeb\n"


def test_long_cells_are_cut_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output.print_table(("a", "b"), [("x" * 100, "y" * 100)])
    assert "x" * 100 in capsys.readouterr().out
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    output.print_table(("a", "b"), [("山" * 100, "y" * 100)])
    row = screen.getvalue().splitlines()[1]
    assert row.startswith("山" * 18 + ".." + "  y")
    assert cell_width(row) <= 80


IDS = ("0123456789-4c1b-7a1e-9d2f-000000000001", "90675f2b-6d45-4f1e-9f3c-4c1b7a1e9d2f")


@given(
    st.lists(
        st.tuples(st.text(max_size=90), st.sampled_from(IDS), st.integers(0, 10**6), st.text()),
        min_size=1,
        max_size=4,
    ),
    st.integers(60, 200),
)
def test_a_table_fits_the_terminal_and_breaks_no_id(
    rows: list[tuple[str, str, int, str]], room: int
) -> None:
    heads = ("name", "id", "count", "what happened")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", screen := Terminal())
        patch.setattr(sys, "stderr", io.StringIO())
        patch.setattr(output, "room_on_terminal", lambda: room)
        cells = [(name, each, str(count), why) for name, each, count, why in rows]
        output.print_table(heads, cells, right="count")
    lines = screen.getvalue().splitlines()
    assert all(cell_width(text) <= room for text in lines)
    shown = screen.getvalue()
    for _, each, count, _ in rows:
        assert each in shown
        assert "COUNT" not in shown or str(count) in shown


def test_what_has_no_room_is_left_out_with_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "room_on_terminal", lambda: 60)
    row = ("ana@corp.example", "Ana Diaz Fernandez", "ana@corp.example", "yes", IDS[1])
    output.print_table(("user name", "display name", "email", "active", "id"), [row])
    shown = capsys.readouterr()
    assert shown.out.splitlines()[1] == f"ana@corp..  Ana Diaz..  {IDS[1]}"
    assert shown.err == "Not shown for want of room: email, active.\n"


def test_long_reasons_are_wrapped_between_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "room_on_terminal", lambda: 42)
    output.print_table(("at", "why"), [("9:00", f"Refused, as {IDS[1]} is gone")])
    assert capsys.readouterr().out.splitlines() == [
        "AT    WHY",
        "9:00  Refused, as",
        f"      {IDS[1]}",
        "      is gone",
    ]


def test_an_empty_table_and_flat_values(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("a", "bb"), [])
    assert capsys.readouterr().out == "A  BB\n"
    value = json.loads(
        '{"emails": [{"value": "a@b", "primary": true}], "urn:x:2.0:User": {"d": null}}'
    )
    assert list(output.flatten(value)) == [
        ("emails[0].value", "a@b"),
        ("emails[0].primary", "true"),
        ("User.d", "null"),
    ]


def test_a_day_is_never_cut(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "room_on_terminal", lambda: 50)
    output.print_table(
        ("id", "made", "ends", "client"),
        [("tok-6088d559", "2026-11-30", "2027-11-30", "Okta SCIM Client 1.0.0 of our company")],
    )
    first, *_ = capsys.readouterr().out.splitlines()[1:]
    assert first.split()[:3] == ["tok-6088d559", "2026-11-30", "2027-11-30"]
