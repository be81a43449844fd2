"""A directory where every text was chosen by somebody who means harm, or has an unusual name."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scim_tui.model.activity import Event
from scim_tui.model.directory import Kind
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import NEVER

if TYPE_CHECKING:
    from tests.fakes.memory import MemoryProvider

CONTROLS = {
    "colour": "A\x1b[35;5mZ",
    "clipboard": "A\x1b]52;c;UFdO\x1b\\Z",
    "title": "A\x1b]0;PWN\x07Z",
    "link": "A\x1b]8;;http://evil.example\x1b\\Z",
    "clear": "A\x1b[2J\x1b[3J\x1bcZ",
    "device": "A\x1bP1$r0mPWN\x1b\\Z",
    "c1": "A\x9b35mPWN\x9d0;PWN\x9cZ",
    "nul": "A\x00B\x7fZ",
    "lines": "A\rB\nC\tD\x0bE\x0cF\x08Z",
    "bidi": "A\u202ecod\u2066exe\u2069\u200fZ",
    "zero width": "A\u200bB\u200dC\u2060D\ufeffZ",
    "tags": "A\U000e0041\U000e0042Z",
    "surrogate": "A\ud800Z",
}
MARKUP = {
    "unbalanced": "A[/nope]Z",
    "click": "[@click=app.exit]Z[/]",
    "open": "A[b Z [$error]x [red]y",
    "backslash": "A\\[b]Z\\",
}
SHAPES = {
    "long": "x" * 3000,
    "wide": "山田" * 40,
    "combining": "Z" + "\u0301" * 60 + "algo",
    "right to left": "محمد بن سلمان שלום",
    "emoji": "👩‍💻👨‍👩‍👧‍👦🇨🇳👍🏽❤️",
    "empty": "",
    "blank": "   ",
}
TEXTS = [*CONTROLS.values(), *MARKUP.values(), *SHAPES.values()]
NEVER_RAW = [
    b"\x1b[35;5m",
    b"\x1b]52;c;UFdO",
    b"\x1b]0;",
    b"\x1b]8;",
    b"\x1b[2J",
    b"\x1b[3J",
    b"\x1bc",
    b"\x1bP1$r",
    "\x9b".encode(),
    "\x9d".encode(),
    b"\x00",
    b"\x7f",
    b"\x0b",
    b"\x0c",
    b"\x08",
    *(sign.encode() for sign in "\u202e\u2066\u2069\u200f\u200b\u200d\u2060\ufeff\U000e0041"),
    b"\xed\xa0\x80",
]
"""Bytes that no frame of ours contains by itself."""


def poison(provider: "MemoryProvider") -> None:
    """Put the texts wherever a text from outside can be."""
    provider.title = CONTROLS["colour"] + CONTROLS["clipboard"]
    people, teams = provider.resources[Kind.USERS], provider.resources[Kind.GROUPS]
    for number, text in enumerate(TEXTS):
        user = _user(f"user-{number}{text[:20]}", text)
        people[user["id"]] = user
        group = {"id": f"group-{number}{text[:20]}", "displayName": text, "externalId": text}
        teams[group["id"]] = group
        provider.memberships.append((group["id"], user["id"]))
    _poison_log(provider)
    now = provider.clock()
    provider.access_tokens[:] = [
        AccessToken(
            id=f"tok{text}",
            created_at=now,
            expires_at=now + timedelta(days=9),
            last_used_at=now,
            requests=3,
            last_client=text,
        )
        for text in (CONTROLS["title"], CONTROLS["c1"])
    ]
    provider.access_tokens[1] = provider.access_tokens[1].model_copy(
        update={"last_used_at": NEVER, "last_client": MARKUP["click"]}
    )


def _user(id: str, text: str) -> dict[str, Any]:
    return {
        "id": id,
        "userName": text,
        "displayName": text,
        "externalId": text,
        "name": {"givenName": text, "familyName": text, "formatted": text},
        "emails": [{"value": text, "type": text, "primary": True}],
        "active": True,
        "title": text,
        text: text,
        "x": [{text: [text, None, 1.5]}],
        "meta": {"created": text, "lastModified": text, "location": text},
    }


def _poison_log(provider: "MemoryProvider") -> None:
    first = len(provider.log)
    for number, text in enumerate(TEXTS):
        provider.log.append(
            Event(
                id=first + number + 1,
                at=provider.clock(),
                operation=text or "CreateUser",
                status=400,
                target=text,
                resource_id=text,
                token_id=text,
                client=text,
                constraint=text,
                message=text,
                request_id=text,
                duration_ms=1.0,
            )
        )
