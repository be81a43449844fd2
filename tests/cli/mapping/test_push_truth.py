"""`mapping push` ends with what the directory has, not with what its answer claims."""

import json
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from scim_tui.scim.filters import matches
from tests.cli.conftest import Answer, Command
from tests.cli.wire_kit import NOT_THERE, path_of, serve

PERSON = {
    "userName": "ada@corp.example",
    "givenName": "Ada",
    "familyName": "Lee",
    "displayName": "Ada Lee",
    "email": "ada@corp.example",
    "externalId": "1",
}
OLD = {
    "id": "u1",
    "userName": "ada@corp.example",
    "displayName": "Old",
    "name": {"givenName": "Ada", "familyName": "Old"},
    "externalId": "1",
    "active": True,
    "emails": [{"value": "ada@corp.example", "primary": True, "type": "work"}],
}
ERROR = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
    "status": "409",
    "detail": "The seat is taken",
}


class Directory:
    """One that answers writes as `how` says."""

    def __init__(self, how: str, *users: dict[str, Any]) -> None:
        self.how, self.users = how, list(users)
        self.reads_fail = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        _, _, resource_id = path_of(request).strip("/").partition("/")
        if not path_of(request).startswith("/Users"):
            return httpx.Response(404, json=NOT_THERE)
        if request.method in {"POST", "PATCH"}:
            return self._write(request)
        if resource_id:
            found = [user for user in self.users if user["id"] == resource_id]
            if self.reads_fail or not found:
                return httpx.Response(503 if self.reads_fail else 404, json=NOT_THERE)
            return httpx.Response(200, json=found[0])
        asked = request.url.params.get("filter", "")
        found = [user for user in self.users if not asked or matches(user, asked)]
        page = {"totalResults": len(found), "startIndex": 1, "Resources": found}
        return httpx.Response(200, json=page)

    def _write(self, request: httpx.Request) -> httpx.Response:
        sent = orjson.loads(request.content)
        match self.how:
            case "error as success":
                return httpx.Response(200, json=ERROR)
            case "nothing":
                return httpx.Response(200, json=self.users[0] if self.users else {})
            case "unreadable":
                self.reads_fail = True
        if request.method == "POST":
            return self._create(request, sent)
        for one in sent["Operations"][:1] if self.how == "in part" else sent["Operations"]:
            name, _, part = one["path"].partition(".")
            if part:
                self.users[0][name][part] = one["value"]
            else:
                self.users[0][name] = one["value"]
        return httpx.Response(204 if self.how == "no body" else 200, content=b"")

    def _create(self, request: httpx.Request, sent: dict[str, Any]) -> httpx.Response:
        user = {**sent, "id": "u 7"}
        if self.how == "own letters":
            user |= {
                "userName": sent["userName"].upper(),
                "emails": [{**sent["emails"][0], "x": 1}],
            }
        if self.how == "in part":
            user["displayName"] = "Cut"
        if self.how != "gone":
            self.users.append(user)
        if self.how == "location":
            return httpx.Response(201, headers={"Location": f"{request.url}/u%207"})
        if self.how == "no body":
            return httpx.Response(201)
        return httpx.Response(201, json=user)


def push(command: Command, place: Path, *argv: str) -> Answer:
    file = place / "people.json"
    file.write_text(json.dumps([PERSON]))
    given = ("--people", str(file), "--person", "ada@corp.example", "--yes")
    return command("mapping", "push", *given, *argv)


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("", 0, "created"),
        ("location", 0, "created"),
        ("no body", 0, "created"),
        ("own letters", 0, "created"),
        ("in part", 5, "created, but not as sent"),
        ("gone", 5, "not done: the server answered with success, but the user is not there"),
        ("nothing", 5, "not done: the server answered with success, but the user is not there"),
        ("error as success", 5, "The seat is taken"),
        ("unreadable", 5, "created, but not read back"),
    ],
)
def test_a_new_user(
    command: Command,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    code: int,
    words: str,
) -> None:
    serve(monkeypatch, Directory(how))
    shown = push(command, place)
    assert (shown.code, words in shown.out + shown.err) == (code, True), shown
    assert ("u 7" in shown.out) == (code == 0 or how == "in part")


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("", 0, "changed"),
        ("no body", 0, "changed"),
        ("in part", 5, "changed in part"),
        ("nothing", 5, "not changed: the server answered with success, and changed nothing"),
        ("error as success", 5, "The seat is taken"),
    ],
)
def test_a_user_who_is_there(
    command: Command,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    code: int,
    words: str,
) -> None:
    serve(monkeypatch, Directory(how, json.loads(json.dumps(OLD))))
    shown = push(command, place)
    assert (shown.code, words in shown.out + shown.err) == (code, True), shown
    if how == "nothing":
        assert "Differs: displayName" in shown.out


@pytest.mark.parametrize(("how", "met"), [("", True), ("in part", False), ("unreadable", None)])
def test_the_json_says_whether_the_directory_has_what_was_sent(
    command: Command, place: Path, monkeypatch: pytest.MonkeyPatch, how: str, met: bool | None
) -> None:
    serve(monkeypatch, Directory(how))
    assert push(command, place, "--json").json["met"] is met


def test_nothing_to_do_is_met(
    command: Command, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, directory := Directory(""))
    assert push(command, place).code == 0
    directory.how = "error as success"
    shown = push(command, place, "--json")
    assert (shown.code, shown.json["outcome"], shown.json["met"]) == (0, "nothing to do", True)
