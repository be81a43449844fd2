"""The source distribution is enough to build, test and measure the program."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE_BY_BUILDS = {"build", "dist"}


def test_the_sdist_carries_every_file_and_folder_of_the_checkout_that_is_not_hidden() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    kept = {path.name for path in ROOT.iterdir() if path.name[0] not in "._"} - MADE_BY_BUILDS
    # Hatchling adds the project file itself.
    assert {name.removeprefix("/") for name in carried} == kept - {"pyproject.toml"}
