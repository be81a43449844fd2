"""Copying: which way is taken, and what the terminal is sent."""

import base64
import re
import stat
from pathlib import Path

import pytest

from scim_tui.tui.terminal import clipboard, qr
from scim_tui.tui.terminal.frame_diff import FrameDiff
from tests.tui.stage import staged
from tests.tui.tokens.test_tokens_story import fresh

SECRET = "q7Zx9_hush." * 53
CODED = base64.b64encode(SECRET.encode()).decode()


async def test_over_ssh_one_sequence_goes_to_the_terminal() -> None:
    sent: list[str] = []
    words = await clipboard.copy(SECRET, sent.append, {"SSH_CONNECTION": "1 2 3 4"})
    assert sent == [f"\x1b]52;c;{CODED}\a"]
    assert "no receipt" in words


async def test_within_screen_it_goes_in_pieces_that_screen_hands_on() -> None:
    sent: list[str] = []
    environ = {"SSH_CONNECTION": "1 2 3 4", "STY": "123.pts-0.host", "TERM": "screen.xterm"}
    words = await clipboard.copy(SECRET, sent.append, environ)
    (all_of_it,) = sent
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", all_of_it, re.DOTALL)
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in pieces) == all_of_it
    assert "".join(pieces) == f"\x1b]52;c;{CODED}\a"
    assert [len(piece) for piece in pieces[:-1]] == [200] * (len(pieces) - 1)
    assert len(pieces[-1]) <= 200
    assert "screen" in words
    assert "No receipt" in words


def test_a_frame_that_is_shortened_lets_these_sequences_through() -> None:
    for sequence in (clipboard.osc52(SECRET), clipboard.through_screen(clipboard.osc52(SECRET))):
        assert FrameDiff().shorten(sequence) == sequence


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that write down what they are given."""
    for name in ("tmux", "xclip"):
        path = tmp_path / name
        path.write_text(
            f'#!/bin/sh\necho "$@" >>{tmp_path}/{name}.said\n'
            f"cat /proc/self/environ >>{tmp_path}/{name}.said\n"
            f"cat >>{tmp_path}/{name}.said\n"
        )
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path


@pytest.mark.parametrize(
    ("tool", "environ"), [("tmux", {"TMUX": "/t,1,0", "STY": "x"}), ("xclip", {"DISPLAY": ":0"})]
)
async def test_a_tool_is_given_it_on_stdin_only(
    tools: Path, tool: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIM_TUI_TOKEN", "another-secret")
    sent: list[str] = []
    await clipboard.copy(SECRET, sent.append, environ)
    said = (tools / f"{tool}.said").read_text()
    assert sent == []
    assert said.count(SECRET) == 1
    assert "another-secret" not in said
    if tool == "tmux":
        assert "load-buffer -w -b scim-tui -" in said
        assert said.rindex("delete-buffer -b scim-tui") > said.index(SECRET)


async def test_the_secret_dialog_sends_it_and_keeps_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    async with staged(tmp_path, provider=fresh()) as stage:
        sent: list[str] = []
        assert stage.app._driver is not None
        monkeypatch.setattr(stage.app._driver, "write", sent.append)
        await stage.press("E")
        await stage.sees("shown once")
        await stage.press("c")
        await stage.sees("handed over: clipboard")
        copied = [each for each in sent if each.startswith("\x1b]52;c;")]
        assert len(copied) == 1
        assert stage.app.clipboard == ""


async def test_where_there_is_no_terminal_it_is_not_shown_alone(tmp_path: Path) -> None:
    async with staged(tmp_path, provider=fresh()) as stage:
        await stage.press("E")
        await stage.sees("shown once")
        await stage.press("4")
        await stage.sees("no terminal here to show it alone on")
        await stage.press("7")
        await stage.sees("handed over: nothing yet")


def test_a_code_holds_the_whole_text() -> None:
    import segno

    lines = qr.lines("short")
    rows = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines]
    code = segno.make("short", error="l", micro=False)
    matrix = [[bool(bit) for bit in row] for row in code.matrix_iter(border=4)]
    drawn = []
    for row in rows:
        drawn.append([sign in "\u2580\u2588" for sign in row])
        drawn.append([sign in "\u2584\u2588" for sign in row])
    assert drawn[: len(matrix)] == matrix
    assert all(line.startswith("\x1b[30;107m") and line.endswith("\x1b[0m") for line in lines)


@pytest.mark.parametrize(
    ("length", "columns", "rows", "fits"),
    [(580, 120, 40, False), (580, 89, 45, True), (107, 48, 25, False), (107, 49, 25, True)],
)
def test_a_code_is_offered_only_where_it_fits(
    length: int, columns: int, rows: int, fits: bool
) -> None:
    reason = qr.why_not("a" * length, columns, rows, ascii_only=False)
    assert (reason == "") is fits
    assert fits or f"here are {columns}x{rows}" in reason
    assert "block characters" in qr.why_not("a", 200, 200, ascii_only=True)


def test_without_segno_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "segno", None)
    assert "scim-tui[qr]" in qr.why_not("a", 200, 200, ascii_only=False)
    assert qr.lines("a") == []
