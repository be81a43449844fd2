"""An error on one line: what happened, and what to do about it."""

import pytest

from scim_tui.model.errors import ScimTuiError


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ScimTuiError("The disk is full.", "Make room."), "The disk is full. Make room."),
        (ScimTuiError("The disk is full."), "The disk is full."),
    ],
)
def test_an_error_without_a_hint_ends_with_its_message(error: ScimTuiError, sentence: str) -> None:
    assert error.sentence == sentence
