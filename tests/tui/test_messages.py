"""The sentences of a screen stand in one table, where a test or a translator finds them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import scim_tui.tui

SCREENS = Path(scim_tui.tui.__path__[0])
SENTENCE_WORDS = 4
TABLES = ("actions.py", "screen_actions.py", "reasons.py", "step_table.py")
"""Tables of their own: actions with their help, reasons by state, the steps of a rotation."""
PACKAGES = sorted(path.parent.name for path in SCREENS.glob("*/screen.py"))
SHARED = ["modals", "profiles", "session", "shell"]


def sentences(source: str) -> Iterator[str]:
    """The texts of several words in a module; not docstrings, style sheets and annotations."""
    tree = ast.parse(source)
    docstrings = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in docstrings
            and not ({"{", "|"} & set(each.value))  # style sheets and annotations
            and len(each.value.split()) >= SENTENCE_WORDS
        ):
            yield each.value


@pytest.mark.parametrize("screen", [*PACKAGES, *SHARED])
def test_a_screen_takes_its_sentences_from_its_table(screen: str) -> None:
    modules = sorted((SCREENS / screen).glob("*.py"))
    found = {path.name: list(sentences(path.read_text(encoding="utf-8"))) for path in modules}
    assert found.pop("messages.py")
    for actions in (
        "actions.py",
        "screen_actions.py",
    ):  # tables as well: the actions and their help
        found.pop(actions, None)
    assert {name: texts for name, texts in found.items() if texts and name not in TABLES} == {}


def test_a_sentence_in_a_screen_is_found() -> None:
    source = '"""A docstring of many words."""\nsay("No request has come yet.", "dim")\n'
    assert list(sentences(source)) == ["No request has come yet."]
