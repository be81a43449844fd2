"""What is loaded when: a help page needs no library, a command needs no screen."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scim_tui.cli.main import build_parser

HEAVY = (
    "httpx",
    "pydantic",
    "textual",
    "rich",
    "starlette",
    "uvicorn",
    "orjson",
    "sqlite3",
    "aiobotocore",
    "botocore",
    "aiohttp",
)
SLOW = (
    "asyncio",
    "dataclasses",
    "datetime",
    "inspect",
    "json",
    "logging",
    "pathlib",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
)
"""Modules of Python that take longer to import than all parsers take to build."""
SCREENS = ("textual", "rich")
ROOT = Path(__file__).parents[2]


def loaded_by(tmp_path: Path, *argv: str) -> set[str]:
    """Names of the top-level modules that a command line has loaded when it ends."""
    code = (
        "import json, sys\nfrom scim_tui.cli.main import run\n"
        f"code = run({list(argv)!r})\n"
        "json.dump([code, sorted({n.partition('.')[0] for n in sys.modules})], sys.stderr)"
    )
    # Coverage would load modules of its own into the child.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**ours, "SCIM_TUI_DATA_DIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )
    code_and_names = json.loads(done.stderr.splitlines()[-1])
    assert code_and_names[0] == 0
    return set(code_and_names[1])


@pytest.mark.parametrize(
    "argv",
    [("--help",), ("tokens", "create", "--help"), ("--version",), ("doctor", "--iam-policy")],
)
def test_help_loads_no_library(tmp_path: Path, argv: tuple[str, ...]) -> None:
    assert loaded_by(tmp_path, *argv) & set(HEAVY) == set()


@pytest.mark.parametrize("argv", [("--help",), ("tokens", "create", "--help"), ("--version",)])
def test_help_imports_no_slow_module_of_python(argv: tuple[str, ...]) -> None:
    code = (
        "import sys\nbefore = set(sys.modules)\nfrom scim_tui.cli.main import run\n"
        f"run({list(argv)!r})\n"
        "print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(done.stderr.split()) & set(SLOW) == set()


@pytest.mark.parametrize(
    "argv",
    [
        ("provisioning", "status"),
        ("tokens", "list"),
        ("users", "list"),
        ("groups", "list"),
        ("activity",),
        ("audit",),
        ("audit", "verify"),
        ("profiles", "list"),
    ],
)
def test_commands_load_no_screen(tmp_path: Path, argv: tuple[str, ...]) -> None:
    assert loaded_by(tmp_path, *argv, "--json") & set(SCREENS) == set()


def test_profiles_are_listed_without_a_library(tmp_path: Path) -> None:
    assert loaded_by(tmp_path, "profiles", "list") & set(HEAVY) == set()


def parsers(
    parser: argparse.ArgumentParser, path: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command and the commands below it."""
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from parsers(below, f"{path} {name}".strip())


@pytest.mark.parametrize(("path", "parser"), list(parsers(build_parser())))
def test_every_help_page_has_an_example_that_is_a_command(
    path: str, parser: argparse.ArgumentParser
) -> None:
    text = parser.format_help()
    foot = text[text.index("example") :].splitlines()[1:]
    assert foot
    words = path.split()
    assert any(line.split()[: len(words) + 1] == ["scim-tui", *words] for line in foot), text
    commands = argparse._SubParsersAction
    assert all(each.help for each in parser._actions if not isinstance(each, commands))


def test_every_client_command_takes_the_common_options() -> None:
    """All but `serve` and `demo`, which open no profile."""
    lacking = [
        path
        for path, parser in parsers(build_parser())
        if parser.get_default("run")
        and path not in {"", "serve", "demo"}
        and not {"--profile", "--json", "--read-only"} <= set(parser._option_string_actions)
    ]
    assert lacking == []
