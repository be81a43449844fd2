"""Fixtures of all screens."""

from collections.abc import Iterator

import pytest
from textual.screen import Screen

from scim_tui.tui.app import ScimApp
from scim_tui.tui.modals.typed_confirm import TypedConfirm


@pytest.fixture
def slips(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every dialog that asks for a word answers it in the wrong case, as if it had let it pass."""
    asked: list[str] = []
    ask = ScimApp.ask

    async def answers(app: ScimApp, dialog: Screen[object]) -> object:
        if not isinstance(dialog, TypedConfirm):
            return await ask(app, dialog)
        asked.append(dialog._word)
        return dialog._word.swapcase()

    monkeypatch.setattr(ScimApp, "ask", answers)
    yield asked
    assert asked
