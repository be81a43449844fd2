"""Draw every screen and dialog as SVG and PNG: `python -m tests.screenshots [FOLDER]`.

The same bytes come out of every run with the same fonts: sample data, a clock that stands still,
no terminal, no network.
"""

import argparse
import asyncio
import hashlib
import html
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tests.telling import SIZES, tell

if TYPE_CHECKING:
    from scim_tui.tui.app import ScimApp
    from tests.shots import Story

FONTS = '"DejaVu Sans Mono", "Noto Sans Mono CJK JP", "Noto Sans Mono", monospace'
"""Names of local fonts; whichever is not installed is passed over."""
FONT = "DejaVu Sans Mono"
ZOOM, COLOURS = 0.8, 128
_TEXT = re.compile(
    r'<text (?P<kind>class="[^"]*") x="(?P<x>[\d.]+)" (?P<y>y="[\d.]+")'
    r' textLength="(?P<length>[\d.]+)" (?P<clip>clip-path="[^"]*")>(?P<text>[^<]*)</text>'
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("screenshots"))
    parser.add_argument("--size", choices=SIZES, help="in this process, this size only")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.size:
        asyncio.run(draw_all(options.folder, options.size))
        return 0
    for old in [*options.folder.glob("*.svg"), *options.folder.glob("*.png")]:
        old.unlink()
    command = [sys.executable, "-m", "tests.screenshots", str(options.folder), "--size"]
    runs = [subprocess.Popen([*command, size], env=_environ()) for size in SIZES]
    failed = [run.wait() for run in runs]
    total = sum(file.stat().st_size for file in options.folder.iterdir())
    sys.stdout.write(f"{len(list(options.folder.glob('*.png')))} pictures, {total / 1e6:.1f} MB\n")
    return max(failed)


def _environ() -> dict[str, str]:
    """Nothing of the surroundings may change a picture."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TEXTUAL", "SCIM_TUI", "LC_", "NO_COLOR", "SSH_"))
    }
    return {
        **kept,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "COLORTERM": "truecolor",
        "TERM": "xterm-256color",
        "HOME": "/home/jdoe",
    }


async def draw_all(folder: Path, size: str) -> None:
    """Tell the stories with a picture at one size; all others are kept as text snapshots."""
    from tests.shots import PICTURES, STORIES

    for story in STORIES:
        if PICTURES & {step.name for step in story.steps}:
            await draw(story, folder, size, PICTURES)


async def draw(
    story: "Story", folder: Path, size: str, names: "frozenset[str] | None" = None
) -> None:
    """Run the app once and take its pictures, those of these names or all."""

    async def take(app: "ScimApp", name: str) -> None:
        if names is not None and name not in names:
            return
        svg = local_svg(app.export_screenshot(title="scim-tui", simplify=True))
        path = folder / f"{name}-{size}"
        path.with_suffix(".svg").write_text(svg, encoding="utf-8")
        path.with_suffix(".png").write_bytes(png(svg))

    with tempfile.TemporaryDirectory() as scratch:
        await tell(story, Path(scratch), size, take)


def local_svg(svg: str) -> str:
    """The picture with local fonts in place of one from the web, so that it needs no network."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code, monospace", FONTS)
    svg = _TEXT.sub(_split_wide, svg)
    svg = re.sub(r"terminal-\d+-", "t-", svg)
    if re.search(r"""(url\(|href=)["']?http""", svg):
        raise SystemExit("a picture would ask the network for something")
    return svg


def _split_wide(found: re.Match[str]) -> str:
    """Wide signs in elements of their own: where their font is missing, the rest stays in place."""
    text = html.unescape(found["text"])
    if text.isascii() or cell_len(text) == len(text):
        return found.group()
    # Rich tells the length of a text in signs, and places what follows by cells.
    cell = float(found["length"]) / len(text)
    parts, at = [], 0
    for piece in re.findall(r"[\u1100-\uffff]|[^\u1100-\uffff]+", text):
        where = f'x="{float(found["x"]) + at * cell:.1f}"'
        length = f'textLength="{cell_len(piece) * cell:.1f}"'
        shown = html.escape(piece).replace(" ", "&#160;")
        parts.append(
            f"<text {found['kind']} {where} {found['y']} {length} {found['clip']}>{shown}</text>"
        )
        at += cell_len(piece)
    return "".join(parts)


def png(svg: str) -> bytes:
    """The picture in pixels, few and in few colours, since all pictures live in the repository."""
    import resvg_py
    from PIL import Image

    full = resvg_py.svg_to_bytes(svg_string=svg, font_family=FONT, monospace_family=FONT, zoom=ZOOM)
    picture = Image.open(io.BytesIO(bytes(full))).convert("RGB")
    small = io.BytesIO()
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(small, "PNG", optimize=True)
    return small.getvalue()


def digest(folder: Path) -> str:
    """One number for all pictures, to compare two runs."""
    files = sorted(folder.iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
