"""A front end passes on the word that was typed: it puts no constant in its place."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

import scim_tui
from scim_tui.core.base.mutation import WRITE_WORD, Guard
from scim_tui.core.rotation.api import Rotations
from scim_tui.core.tokens.api import Tokens
from scim_tui.core.tokens.provisioning import Provisioning
from scim_tui.model.provisioning import DELETE_WORD, DISABLE_WORD, SUSPEND_WORD
from scim_tui.model.rotation.rotation import TAKE_OVER

PACKAGE = Path(scim_tui.__path__[0])
WORDS = {DELETE_WORD, DISABLE_WORD, SUSPEND_WORD, WRITE_WORD, TAKE_OVER}
NAMES = {"DELETE_WORD", "DISABLE_WORD", "SUSPEND_WORD", "WRITE_WORD", "TAKE_OVER"}
TYPED = {"confirm", "word", "typed", "take_over", "old_id"}
"""The parameters of the core that take what a person typed."""


def verbs() -> set[str]:
    """The methods of the core that check a typed word."""
    classes = (Guard, Provisioning, Rotations, Tokens)
    return {
        name
        for each in classes
        for name, method in inspect.getmembers(each, inspect.isfunction)
        if TYPED & set(inspect.signature(method).parameters)
    }


def constants_passed_on(source: str) -> Iterator[int]:
    """The lines that call such a method with a word of the program's own."""
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if call.func.attr not in verbs():
            continue
        for given in (*call.args, *(each.value for each in call.keywords)):
            name = getattr(given, "id", getattr(given, "attr", ""))
            if name in NAMES or getattr(given, "value", None) in WORDS:
                yield call.lineno


def test_the_core_has_verbs_that_check_a_word() -> None:
    assert {"allow_changes", "delete", "delete_old", "disable", "resume", "suspend"} <= verbs()


@pytest.mark.parametrize("front", ["cli", "tui"])
def test_no_constant_is_passed_on_in_place_of_what_was_typed(front: str) -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in (PACKAGE / front).rglob("*.py")
        for line in constants_passed_on(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    "call", ["tokens.delete(id, DELETE_WORD)", "r.resume(take_over='TAKE OVER')"]
)
def test_a_constant_that_is_passed_on_is_found(call: str) -> None:
    assert list(constants_passed_on(call)) == [1]
