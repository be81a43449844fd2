"""Pictures of the screens: the same bytes each time, and nothing fetched to look at them."""

from pathlib import Path

from tests.fakes.memory import MemoryProvider
from tests.screenshots import digest, draw
from tests.shots import Step, Story

STORY = Story(
    (
        Step("status", (), ("Audit trail",)),
        Step("", ("4",), ("[Users 40]",)),
        Step("directory", ("G",), ("user0039",)),
    )
)


async def test_two_runs_draw_the_same_bytes(tmp_path: Path) -> None:
    runs = [tmp_path / "one", tmp_path / "two"]
    for folder in runs:
        folder.mkdir()
        await draw(STORY, folder, "80x24")
    assert digest(runs[0]) == digest(runs[1])
    names = {file.name for file in runs[0].iterdir()}
    assert names == {
        f"{name}-80x24.{kind}" for name in ("status", "directory") for kind in ("svg", "png")
    }
    svg = (runs[0] / "directory-80x24.svg").read_text(encoding="utf-8")
    assert "@font-face" not in svg
    assert "王" in svg


async def test_another_directory_is_another_picture(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, story in zip(folders, (STORY, Story(STORY.steps, prepare=_one_less)), strict=True):
        folder.mkdir()
        await draw(story, folder, "80x24")
    assert digest(folders[0]) != digest(folders[1])


def _one_less(provider: MemoryProvider) -> None:
    del provider.access_tokens[0]
