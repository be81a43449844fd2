"""What is personal is masked in its form, what is secret is gone, what is harmless stays."""

from typing import Any

import pytest

from scim_tui.service.masking import SECRET, Masking, mask_text
from tests.service.scim.scim_kit import ENTERPRISE, PATCH_OP

ID = "90677c60-ffff-4d20-8f1d-1a2b3c4d5e6f"
OWN = "s3cr3t-own-token"


def masked(body: object) -> Any:  # noqa: ANN401 - any JSON
    return Masking(full=False, own=OWN).body(body)


def test_a_mask_keeps_the_form() -> None:
    assert mask_text("Zoë O'Brien-花子 17\t\x00") == "Xxx X'Xxxxx-xx 99\t\x00"
    assert mask_text("") == ""


def test_a_user_without_a_name_left() -> None:
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ana@corp.example",
        "externalId": "ana.b",
        "name": {"givenName": "Ana", "familyName": ""},
        "emails": [{"value": "ana@corp.example", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+49 30 1234", "type": "work"}],
        "addresses": [{"streetAddress": "Torstr. 7", "country": "DE"}],
        "active": True,
        "locale": "de-DE",
        ENTERPRISE: {"manager": {"value": ID}, "employeeNumber": 4711},
        "urn:corp:1.0:User": {"nameAtBirth": "Berg", "born": 1988},
    }
    assert masked(user) == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "xxx@xxxx.xxxxxxx",
        "externalId": "xxx.x",
        "name": {"givenName": "Xxx", "familyName": ""},
        "emails": [{"value": "xxx@xxxx.xxxxxxx", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": "+99 99 9999", "type": "work"}],
        "addresses": [{"streetAddress": "Xxxxxx. 9", "country": "XX"}],
        "active": True,
        "locale": "de-DE",
        ENTERPRISE: {"manager": {"value": ID}, "employeeNumber": 9999},
        "urn:corp:1.0:User": {"nameAtBirth": "Xxxx", "born": 9999},
    }


@pytest.mark.parametrize(
    ("operation", "kept"),
    [
        (
            {"path": "name.familyName", "value": "Berg"},
            {"path": "name.familyName", "value": "Xxxx"},
        ),
        ({"path": "active", "value": "False"}, {"path": "active", "value": "False"}),
        (
            {"path": 'emails[value eq "a@b.cd"].value', "value": "e@f.gh"},
            {"path": 'emails[value eq "x@x.xx"].value', "value": "x@x.xx"},
        ),
        (
            {"path": 'emails[type eq "work"].value', "value": "e@f.gh"},
            {"path": 'emails[type eq "work"].value', "value": "x@x.xx"},
        ),
        (
            {"path": "members", "value": [{"value": ID}]},
            {"path": "members", "value": [{"value": ID}]},
        ),
        (
            {"path": f'members[value eq "{ID}"]'},
            {"path": f'members[value eq "{ID}"]'},
        ),
        ({"value": {"name": {"givenName": "Bo"}}}, {"value": {"name": {"givenName": "Xx"}}}),
        (
            {"value": {"name.givenName": "Bo", 'emails[type eq "work"].value': "a@b"}},
            {"value": {"name.givenName": "Xx", 'emails[type eq "work"].value': "x@x"}},
        ),
        ({"path": "password", "value": "hunter2"}, {"path": "password", "value": SECRET}),
        (
            {"path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": ["a"]},
            {
                "path": "urn:ietf:params:scim:schemas:core:2.0:User:password",
                "value": SECRET,
            },
        ),
        ({"path": "Anna Berg", "value": "x"}, {"path": "Xxxx Xxxx", "value": "x"}),
        ({"path": 7, "value": "Bo"}, {"path": 9, "value": "Xx"}),
    ],
)
def test_values_of_a_patch_by_their_path(operation: dict[str, Any], kept: dict[str, Any]) -> None:
    body = {"schemas": [PATCH_OP], "Operations": [{"op": "replace", **operation}]}
    assert masked(body)["Operations"] == [{"op": "replace", **kept}]


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        {"password": "hunter2"},
        {"Pass-Word": {"deep": "hunter2"}},
        {"urn:x": {"apiToken": ["hunter2"]}},
        {"clientSecret": "hunter2"},
        {"nickName": "Bearer hunter2"},
        {"title": "x eyJhbGciOi.hunter2.hunter2"},
        {"title": f"it is {OWN}"},
        {"title": "-----BEGIN RSA PRIVATE KEY-----\nhunter2"},
        {OWN: 1},
    ],
)
def test_no_secret_is_kept(body: dict[str, Any], full: bool) -> None:
    found = str(Masking(full=full, own=OWN).body(body))
    assert "hunter2" not in found
    assert OWN not in found


def test_in_full_all_but_the_secrets_stay() -> None:
    body = {"userName": "ana", "password": "x", "n": [1, None, {"a b": True}]}
    assert Masking(full=True).body(body) == {**body, "password": SECRET}


@pytest.mark.parametrize(
    ("path", "query", "kept"),
    [
        (f"/Users/{ID}", "", (f"/Users/{ID}", "")),
        ("/Users/ana@x", "", ("/Users/xxx@x", "")),
        ("", "", ("", "")),
        (
            "/Users",
            'filter=userName+eq+"ana"&count=2',
            ("/Users", "filter=userName+eq+%22xxx%22&count=2"),
        ),
        ("/Users", "filter=ana", ("/Users", "filter=xxx")),
        ("/Users", "access_token=abc", ("/Users", "access_token=%28secret%29")),
    ],
)
def test_path_and_query(path: str, query: str, kept: tuple[str, str]) -> None:
    masking = Masking(full=False)
    assert (masking.path(path), masking.query(query)) == kept
