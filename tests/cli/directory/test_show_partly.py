"""One user or group shown, whatever the server does about the rest."""

import httpx
import pytest

from tests.cli.conftest import Command
from tests.cli.wire_kit import NOT_THERE, by_path, path_of, serve

USER = {"id": "u1", "userName": "user1@corp.example", "displayName": "User 1"}
USERS = {"/Users": [USER], "/Users/u1": USER}
GROUP = {
    "id": "500",
    "displayName": "Group 1",
    "members": [
        {"$ref": "Users/100", "value": "100", "display": "User 100"},
        {"$ref": "Groups/600", "value": "600", "display": "Nested team"},
        {"$ref": "ServicePrincipals/7", "value": "7"},
    ],
}


def groups_answer(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> None:
    def answers(request: httpx.Request) -> httpx.Response:
        return answer if path_of(request).startswith("/Groups") else by_path(USERS)(request)

    serve(monkeypatch, answers)


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("status", [400, 401, 403, 500, 501])
def test_a_user_is_shown_when_groups_are_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch, status: int, form: tuple[str, ...]
) -> None:
    groups_answer(monkeypatch, httpx.Response(status, json={"detail": "Not for you"}))
    shown = command("users", "show", "user1@corp.example", *form)
    assert shown.code == (4 if status in {401, 403} else 5)
    assert "User 1" in shown.out
    assert "Not for you" in shown.out
    if form:
        assert shown.json["resource"] == USER
        assert (shown.json["groups"], shown.json["groups_known"]) == (None, False)
    else:
        assert "groups: unknown" in shown.out


@pytest.mark.parametrize(
    "answer", [httpx.Response(404, json=NOT_THERE), httpx.Response(404, html="<p>Not found</p>")]
)
def test_a_server_of_users_only_is_no_failure(
    command: Command, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response
) -> None:
    groups_answer(monkeypatch, answer)
    shown = command("users", "show", "user1@corp.example")
    assert shown.code == 0
    assert "User 1" in shown.out
    assert "groups: unknown. scim.example.com has no groups" in shown.out


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_members_that_are_no_users_are_said(
    command: Command, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    serve(monkeypatch, by_path({"/Groups": [GROUP], "/Groups/500": GROUP, "/Users": []}))
    shown = command("groups", "show", "Group 1", "--members", *form)
    assert shown.code == 0
    if form:
        assert [row["id"] for row in shown.json["members"]] == ["100"]
        assert shown.json["members_left_out"] == {"Groups": 1, "ServicePrincipals": 1}
    else:
        assert "members: 1\n" in shown.out
        assert "Left out: 1 of the kind Groups, 1 of the kind ServicePrincipals." in shown.out


def test_a_group_is_shown_when_its_members_are_not(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(request: httpx.Request) -> httpx.Response:
        if path_of(request) == "/Users/100":
            return httpx.Response(500, json={"detail": "It broke"})
        return by_path({"/Groups": [GROUP], "/Groups/500": GROUP})(request)

    serve(monkeypatch, answers)
    shown = command("groups", "show", "Group 1", "--members")
    assert shown.code == 5
    assert "Group 1" in shown.out
    assert "members: unknown" in shown.out
    assert "It broke" in shown.out
