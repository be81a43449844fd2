"""What the documents name is there: files, classes, functions, targets of make."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "scim_tui"
PAGES = (ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("**/*.md")))
ARCHITECTURE = ROOT / "docs" / "architecture.md"
_NAME = re.compile(r"`(\w+/[\w/.]+\.(?:py|toml|md))(?:::([\w.]+))?`")
_MEMBER = re.compile(r"`([A-Z]\w+)\.(\w+)`")
_KINDS = ("svg", "png")
_LINK = re.compile(r"\]\(([^)#:]+)\)")
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def file_of(name: str) -> Path:
    """The file with this path, below the program or the project."""
    return next((at for at in (PRODUCT / name, ROOT / name) if at.is_file()), PRODUCT / name)


def names_in(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """What a module or a class defines."""
    for each in body:
        match each:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield each.name, each
            case ast.Assign():
                yield from ((at.id, each) for at in each.targets if isinstance(at, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, each


def defines(module: Path, name: str) -> bool:
    """Whether a module defines a name, or a class in it a member."""
    body = ast.parse(module.read_text(encoding="utf-8")).body
    for part in name.split("."):
        found = dict(names_in(body)).get(part)
        if found is None:
            return False
        body = found.body if isinstance(found, Definition) else []
    return True


def lacking(page: str) -> list[str]:
    """The files and names on a page that are not there."""
    named = _NAME.findall(page)
    wrong = [file for file, _ in named if not file_of(file).is_file()]
    wrong += [
        f"{file}::{name}"
        for file, name in named
        if name and file not in wrong and not defines(file_of(file), name)
    ]
    modules = {file_of(file) for file, _ in named if file.endswith(".py") and file not in wrong}
    wrong += [
        f"{cls}.{member}"
        for cls, member in _MEMBER.findall(page)
        if not any(defines(module, f"{cls}.{member}") for module in modules)
    ]
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert lacking(page.read_text(encoding="utf-8")) == []


def test_architecture_has_every_package() -> None:
    page = ARCHITECTURE.read_text(encoding="utf-8")
    tops = {at.parent.name for at in PRODUCT.glob("*/__init__.py")}
    assert {top for top in tops if f"`{top}/" not in page} == set()


def test_a_name_that_is_not_there_is_found() -> None:
    page = "`cli/main.py::run` `cli/main.py::walk` `cli/gone.py` `Exit.DONE` `cli/exits.py`"
    assert lacking(page.replace("`cli/exits.py`", "`cli/main.py`")) == [
        "cli/gone.py",
        "cli/main.py::walk",
        "Exit.DONE",
    ]


def test_links_between_pages_lead_somewhere() -> None:
    pages = (*PAGES, ROOT / "README.md")
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def targets() -> set[str]:
    """The targets of the Makefile that make no file."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony is not None
    return set(phony[1].split())


def test_make_help_explains_every_target() -> None:
    shown = subprocess.run(
        ["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    explained = dict(re.findall(r"^  make (\S+) +(\S.*)$", shown, re.MULTILINE))
    assert set(explained) == targets()
    assert all(explained.values())


def test_pages_and_workflow_name_only_targets_that_exist() -> None:
    places = (*PAGES, ROOT / "README.md", ROOT / ".github" / "workflows" / "ci.yml")
    texts = {place.name: place.read_text(encoding="utf-8") for place in places}
    named = {
        (name, target)
        for name, text in texts.items()
        for found in re.findall(r"(?:`|run: |^\$ )make ((?:[a-z][a-z-]+ ?)+)", text, re.MULTILINE)
        for target in found.split()
    }
    assert {each for each in named if each[1] not in targets()} == set()
    assert {target for name, target in named if name == "ci.yml"}


def test_workflow_covers_every_python_that_is_promised() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix = re.search(r"python: \[(.*)\]", workflow)
    assert matrix is not None
    versions = re.findall(r"3\.\d+", matrix[1])
    assert project["requires-python"] == f">={versions[0]}"
    assert versions == [f"3.{minor}" for minor in range(11, 15)]


def test_pictures_are_those_that_the_pages_may_show() -> None:
    from tests.shots import PICTURES
    from tests.telling import SIZES

    wanted = {f"{name}-{size}.{kind}" for name in PICTURES for size in SIZES for kind in _KINDS}
    assert {file.name for file in (ROOT / "screenshots").iterdir()} == wanted
    assert len(wanted) <= 40
    shown = {
        name
        for page in (ROOT / "README.md", *PAGES)
        for name in re.findall(r"screenshots/([\w.-]+)", page.read_text("utf-8"))
    }
    assert shown <= wanted
