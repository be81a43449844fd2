"""Values that the directory takes and that are probably not what was meant: a warning for each."""

from typing import Any

import pytest

from scim_tui.mapping.check.findings import Severity, findings_of, findings_of_group
from scim_tui.model.constraints import ENTERPRISE


def user(**more: object) -> dict[str, Any]:
    return {
        "userName": "a@x.example",
        "externalId": "id-1",
        "displayName": "A B",
        "name": {"givenName": "A", "familyName": "B"},
        "emails": [{"value": "a@x.example", "type": "work", "primary": True}],
        **more,
    }


def found(wanted: dict[str, Any]) -> list[tuple[str, str]]:
    findings = findings_of(wanted)
    assert all(one.severity is Severity.WARNING for one in findings)
    return [(one.code, one.path) for one in findings]


def phone(value: str) -> dict[str, Any]:
    return user(phoneNumbers=[{"value": value, "type": "work"}])


@pytest.mark.parametrize(
    "value",
    [
        "System.String[]",
        "Microsoft.Graph.PowerShell.Models.MicrosoftGraphDirectoryObject",
        "Microsoft.ActiveDirectory.Management.ADPropertyValueCollection",
        "Deserialized.System.String[]",
        "System.Object[]",
        "[object Object]",
        "@{Name=x}",
        "#N/A",
        "#REF!",
    ],
)
def test_the_name_of_a_type_is_no_value(value: str) -> None:
    assert found(phone(value)) == [("value.typeName", "phoneNumbers.value")]
    assert found(user(title=value)) == [("value.typeName", "title")]


@pytest.mark.parametrize("value", ["1.00000E+11", "4,91E+11", "1e+20", "-1.12233E+20"])
def test_a_rounded_number_is_reported(value: str) -> None:
    assert found(phone(value)) == [("value.exponent", "phoneNumbers.value")]
    assert found(user(externalId=value)) == [("value.exponent", "externalId")]
    company = user(**{ENTERPRISE: {"employeeNumber": value}})
    assert found(company) == [("value.exponent", "enterprise.employeeNumber")]


def test_bytes_written_as_a_text_are_reported() -> None:
    assert found(user(externalId="X'3c3a5e0b1d'")) == [("value.hex", "externalId")]


@pytest.mark.parametrize("sign", [*"<>;:%", "\t", "\n", "\r"])
def test_disputed_characters_are_reported_in_every_text(sign: str) -> None:
    assert found(user(title=f"VP{sign} Sales")) == [("characters.disputed", "title")]
    address = [{"streetAddress": f"A{sign} 5", "type": "work"}]
    assert found(user(addresses=address)) == [("characters.disputed", "addresses.streetAddress")]
    assert not found(user(profileUrl="https://x.example/a"))


@pytest.mark.parametrize("sign", ["\u00a0", "\u3164", "\u115f", "\u2800", "\u034f", "\U000e0100"])
def test_an_invisible_character_is_reported(sign: str) -> None:
    name = {"givenName": f"A{sign}da", "familyName": "B"}
    assert found(user(name=name)) == [("characters.invisible", "name.givenName")]


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u200d"])
def test_format_characters_are_refused(sign: str) -> None:
    codes = [one.code for one in findings_of(user(title=f"A{sign}"))]
    assert codes == ["text.pattern"]


def test_an_address_without_an_at_sign_is_reported() -> None:
    emails = [{"value": "Oss", "primary": True}]
    assert found(user(emails=emails)) == [("emails.address", "emails.value")]


@pytest.mark.parametrize(
    "value",
    [
        "+49 30 1234",
        "Systems Engineer",
        "Microsoft",
        "E+",
        "X'y",
        "O'Neil",
        "1E5",
        "#1",
        "東京\u3000一",
        "❤️",
    ],
)
def test_what_people_write_is_no_warning(value: str) -> None:
    assert not found(phone(value))
    assert not found(user(title=value))


def test_groups_are_looked_at_as_well() -> None:
    group = {"displayName": "System.Object[]", "externalId": "1.1E+20"}
    codes = [(one.code, one.path) for one in findings_of_group(group)]
    assert codes == [("value.typeName", "displayName"), ("value.exponent", "externalId")]
