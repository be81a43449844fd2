"""Words for what there is not: a name is none, only a time is never."""

from scim_tui.model.unknown_values import NEVER, UNKNOWN
from scim_tui.tui.drawing import values as present


def test_a_text_that_is_not_there_is_none() -> None:
    assert present.words(NEVER).text == "none"
    assert present.words(UNKNOWN).text == "unknown"
    assert present.moment(NEVER).text == "never"
