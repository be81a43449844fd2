"""Copy to the clipboard by tmux, a native tool or OSC 52, whichever works here first."""

import asyncio
import base64
import os
import shutil
import sys
from collections.abc import Callable, Mapping

from scim_tui.config.secrets import child_environment

_NATIVE = (
    ("pbcopy", ("pbcopy",)),
    ("wl-copy", ("wl-copy",)),
    ("xclip", ("xclip", "-selection", "clipboard")),
    ("xsel", ("xsel", "--clipboard", "--input")),
)
_BUFFER = "scim-tui"
_SCREEN_BYTES = 200
"""GNU screen drops a control string that is longer than 256 bytes or so."""


async def copy(
    text: str, write: Callable[[str], None], environ: Mapping[str, str] = os.environ
) -> str:
    """Send `text` towards a clipboard and say, in a sentence, what is known of its arrival.

    `write` sends a sequence to the terminal as it is.
    """
    if environ.get("TMUX") and await _run(("tmux", "load-buffer", "-w", "-b", _BUFFER, "-"), text):
        await _run(("tmux", "delete-buffer", "-b", _BUFFER), "")
        return "Sent to the terminal by tmux, and the buffer is deleted. No receipt comes back."
    if not environ.get("SSH_CONNECTION") and (tool := _native(environ)):
        name, command = tool
        if await _run(command, text):
            return f"Copied with {name}."
    if environ.get("STY"):
        write(through_screen(osc52(text)))
        return "Sent through screen to your terminal's clipboard. No receipt comes: paste to check."
    write(osc52(text))
    return "Sent to your terminal's clipboard (OSC 52). It gives no receipt: paste to check."


def osc52(text: str) -> str:
    """The sequence that asks a terminal to put a text into its clipboard (xterm's ctlseqs)."""
    return f"\x1b]52;c;{base64.b64encode(_bytes(text)).decode()}\a"


def _bytes(text: str) -> bytes:
    """As UTF-8; a lone surrogate, which JSON allows (RFC 8259 8.2), becomes an escape."""
    return text.encode("utf-8", "backslashreplace")


def through_screen(sequence: str) -> str:
    """A sequence in pieces that GNU screen forwards to the outer terminal (screen(1), DCS)."""
    return "".join(
        f"\x1bP{sequence[at : at + _SCREEN_BYTES]}\x1b\\"
        for at in range(0, len(sequence), _SCREEN_BYTES)
    )


def _native(environ: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | None:
    has_display = sys.platform == "darwin" or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
    if not has_display:
        return None
    return next((tool for tool in _NATIVE if shutil.which(tool[0])), None)


async def _run(command: tuple[str, ...], text: str) -> bool:
    """Run a command with `text` on its stdin; True if it succeeded within five seconds."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(5):
            await process.communicate(_bytes(text))
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == 0
