"""Every screen and dialog, by character and style, as it is kept in this folder."""

from functools import partial
from pathlib import Path

import pytest

from tests.shots import STORIES, Story
from tests.snapshots.kept import FOLDER, REWRITE, compare
from tests.telling import SIZES, tell

TOLD = [
    pytest.param(story, size, id=f"{story.steps[0].name or story.steps[1].name}-{size}")
    for story in STORIES
    for size in SIZES
]


@pytest.mark.parametrize(("story", "size"), TOLD)
async def test_a_story_shows_what_is_kept(
    story: Story, size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCIM_TUI_CONFIG", "scim-tui/config.toml")  # its path is drawn
    await tell(story, Path(), size, partial(compare, size=size))


@pytest.mark.skipif(REWRITE, reason="the folder is being written")
def test_nothing_is_kept_that_no_story_shows() -> None:
    names = {step.name for story in STORIES for step in story.steps if step.name}
    kept = {file.stem for size in SIZES for file in (FOLDER / size).glob("*.txt")}
    assert {name for name in kept if not name.startswith("rotation-")} == names
