"""The references of keys and commands are what the program does."""

import pytest

from scim_tui.cli.main import build_parser
from scim_tui.tui.shell.actions import Action
from scim_tui.tui.shell.screen_actions import BY_SCREEN
from tests import reference


@pytest.mark.parametrize("name", list(reference.PAGES))
def test_reference_is_what_the_program_does(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), f"docs/reference/{name} is old: run `make reference`"


def test_a_new_key_changes_the_reference_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reference.keys_page()
    extra = Action("shout", "X,f9", "shout", "Say it louder.", "profiles list")
    monkeypatch.setitem(BY_SCREEN, "status", (extra,))
    changed = set(reference.keys_page().splitlines()) - set(before.splitlines())
    assert changed == {"| `X` `F9` | shout | Say it louder. | `scim-tui profiles list` |"}


def test_a_new_option_changes_the_reference_of_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = build_parser()
    parser.add_argument("--loud", metavar="LEVEL", help="say it louder")
    monkeypatch.setattr(reference, "build_parser", lambda: parser)
    assert "| `--loud LEVEL` | Say it louder. |" in reference.commands_page()
