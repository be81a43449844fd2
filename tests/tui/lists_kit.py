"""Words for stories about lists: where the cursor is, typing, news from the server."""

from collections.abc import Iterable
from datetime import timedelta

from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.json_object import JsonObject
from scim_tui.tui.directory.screen import DirectoryPage
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START
from tests.tui.stage import Stage

HOSTILE = "A[/x]\x1b]52;c;UFdO\x07"
"""A name that would write to the clipboard if it reached a terminal raw, and is bad markup."""
SHOWN = "A[/x]\N{REPLACEMENT CHARACTER}]52;c;UFdO\N{REPLACEMENT CHARACTER}"
LARGE = (120, 40)
WORDS = ("ana", "bert", "carla", "dora")
_KEYS = {
    " ": "space",
    ":": "colon",
    "!": "exclamation_mark",
    "@": "at",
    "-": "minus",
    ".": "full_stop",
}


def directory_page(stage: Stage) -> DirectoryPage:
    """The directory's screen, which is in front."""
    found = stage.app.screen
    assert isinstance(found, DirectoryPage)
    return found


def marked(stage: Stage) -> str:
    """The line the cursor is on."""
    return next((row for row in stage.text().split("\n") if row.startswith("› ")), "")


def rows(stage: Stage) -> list[str]:
    """The first words of the rows that are drawn."""
    table = stage.table()
    shown = table.source.rows(0, len(table.source))
    return [cells[0].text for cells in shown]


async def type_in(stage: Stage, text: str) -> None:
    """Type a text, a key a sign."""
    await stage.press(*(_KEYS.get(sign, sign) for sign in text))


async def news(stage: Stage) -> None:
    """Let the session look at the server now, and the screen take in what it found."""
    before = stage.provider.calls.count("status")
    stage.app.session.look_now()
    await stage.until(lambda: stage.provider.calls.count("status") > before, ["a look"])
    await stage.pilot.pause()


def person(login: str, *, name: str = "", id: str = "", active: bool = True) -> JsonObject:
    """A user as a server has it."""
    return {
        "id": id or f"id-{login}",
        "userName": login,
        "displayName": name or f"Name of {login}",
        "name": {"givenName": "Given", "familyName": "Family"},
        "active": active,
        "emails": [{"value": f"{login}@example.com", "type": "work", "primary": True}],
        "meta": {"created": "2026-01-02T03:04:05Z", "lastModified": "2026-11-21T18:42:07Z"},
    }


def team(name: str) -> JsonObject:
    """A group as a server has it."""
    return {
        "id": f"id-{name}",
        "displayName": name,
        "meta": {"created": "2026-01-02T03:04:05Z", "lastModified": "2026-11-21T18:42:07Z"},
    }


def directory(
    logins: Iterable[str], groups: Iterable[str] = (), page_size: int = 100
) -> MemoryProvider:
    """A directory of these people and groups."""
    return MemoryProvider(
        users=[person(login) for login in logins],
        groups=[team(name) for name in groups],
        page_size=page_size,
    )


def add(provider: MemoryProvider, *people: JsonObject) -> None:
    """Let people arrive."""
    for each in people:
        provider.resources[Kind.USERS][each["id"]] = each


def request(
    number: int,
    operation: str = "PatchUser",
    status: int = 200,
    *,
    target: str = "",
    resource_id: str = "",
    constraint: str = "",
    message: str = "",
) -> Event:
    """A request of the IdP; the higher its number, the newer it is."""
    return Event(
        id=number,
        at=START - timedelta(minutes=600 - number),
        operation=operation,
        status=status,
        target=target or f"person{number}@example.com",
        resource_id=resource_id or f"id-{number}",
        constraint=constraint,
        message=message,
        request_id=f"req-{number}",
        token_id="token-1",
        client="Okta SCIM Client 1.0.0",
        duration_ms=12.5,
    )


def requested(*events: Event) -> MemoryProvider:
    """A directory with one person, and this log."""
    return MemoryProvider(users=[person("ana")], events=events)


def three() -> MemoryProvider:
    """Three requests, the first of them refused."""
    return requested(
        request(
            1,
            "CreateUser",
            400,
            target="bo@corp",
            constraint="emails.single",
            message="List attribute emails exceeds allowed limit of 1",
        ),
        request(2, "PatchGroup", 204, target="VPN"),
        request(3, "PatchUser", 200, target="ana", resource_id="id-ana"),
    )
