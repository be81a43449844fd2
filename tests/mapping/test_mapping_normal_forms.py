"""One name in two Unicode normal forms is two users for the directory, and the preview says so."""

import unicodedata

import pytest

from scim_tui.mapping.check.engine import apply
from scim_tui.mapping.check.findings import Severity
from scim_tui.mapping.rules.rules import parse_rules


@pytest.mark.parametrize(("form", "warned"), [("NFC", 0), ("NFD", 1)])
def test_a_name_that_is_not_in_nfc_is_a_warning(form: str, warned: int) -> None:
    name = unicodedata.normalize("NFC" if form == "NFC" else "NFD", "zoë@corp.example")
    payload = apply(parse_rules('userName = "name"', "rules"), {"name": name})
    found = [each for each in payload.findings if each.code == "userName.decomposed"]
    assert [each.severity for each in found] == [Severity.WARNING] * warned
    assert payload.user["userName"] == name
