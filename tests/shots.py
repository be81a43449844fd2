"""What there is a picture of: stories of key presses, with a name where a picture is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from scim_tui.model.activity import Phase
from scim_tui.model.directory import Kind
from scim_tui.model.errors import NotAllowed, Unreachable
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START

PEOPLE = """userName,givenName,familyName,displayName,email,externalId
ana.silva@corp.example,Ana,Silva,Ana Silva,ana.silva@corp.example,00u1
bo@corp.example,Bo,,Bo,bo@corp.example,00u2
chidi.okafor@corp.example,Chidi,Okafor,Chidi Okafor,chidi.okafor@corp.example,00u3
"dora lang@corp.example",Dora,Lang,Dora Lang,dora@corp.example,00u4
hanako@corp.example,花子,山田,山田 花子,hanako@corp.example,00u5
emil@corp.example,Emil,Berg,Emil Berg,ana.silva@corp.example,00u6
olena@corp.example,Олена,Шевченко,Олена Шевченко,olena@corp.example,00u7
"""
GROUPS = """group,groupId,member
Engineering,00g1,ana.silva@corp.example
Engineering,00g1,chidi.okafor@corp.example
Engineering,00g1,bo@corp.example
Sales,00g2,olena@corp.example
Sales,00g2,left@corp.example
sales,00g3,hanako@corp.example
"""


class Step(NamedTuple):
    """Keys to press, what to wait for, and the name of the picture of it, if any."""

    name: str
    keys: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """One run of the app."""

    steps: tuple[Step, ...]
    prepare: Callable[[MemoryProvider], None] = lambda provider: None
    theme: str = "dark"
    read_only: bool = False
    opened: bool = True
    """Whether the first snapshot is waited for."""


def _no_tokens(provider: MemoryProvider) -> None:
    provider.access_tokens.clear()


def _one_token(provider: MemoryProvider) -> None:
    del provider.access_tokens[1:]


def _off(provider: MemoryProvider) -> None:
    _no_tokens(provider)
    provider.enabled_at = None


def _empty(provider: MemoryProvider) -> None:
    for kind in Kind:
        provider.resources[kind].clear()
    provider.log.clear()


def _down(provider: MemoryProvider) -> None:
    provider.down = Unreachable("No answer from scim.example.com.", "Is the network up? r tries.")


def _refused(provider: MemoryProvider) -> None:
    provider.down = NotAllowed(
        "The service refused the admin key (401).", "Put the key that serve showed in the profile."
    )


PICTURES = frozenset(
    {"status", "tokens", "mapping", "directory", "activity-refused", "delete", "secret", "help"}
)
"""Steps of which README and docs may show a picture; every step has a text snapshot."""
STORIES = (
    Story(
        (
            Step("status", (), ("Audit trail",)),
            Step("tokens", ("2",), ("[2 Tokens]",)),
            Step("mapping", ("3",), ("7 checked",)),
            Step("mapping-problem", ("n",), ("Fix:",)),
            Step("mapping-raw", ("v",), ("schemas",)),
            Step("mapping-trace", ("right",), ("[Trace]",)),
            Step("mapping-compared", ("V",), ("deactivate",)),
            Step("mapping-changes", ("right", "j"), ("CREATE",)),
            Step("mapping-facets", ("f",), ("everybody",)),
            Step("mapping-groups", ("escape", "o"), ("GROUPS", "+1")),
            Step("", ("o",), ("PERSON",)),
            Step("mapping-what-if", ("w", *"ana"), ("WHAT IF",)),
            Step("", ("escape",), ("[3 Mapping]",)),
            Step("directory", ("4",), ("[Users 40]",)),
            Step("directory-groups", ("tab",), ("[Groups 6]",)),
            Step("directory-members", ("enter", "right"), ("[Members",)),
            Step("", ("escape", "tab"), ("[Users 40]",)),
            Step("directory-detail", ("G", "enter", "left"), ("as the server sent it",)),
            Step("directory-raw", ("v",), ('"schemas"',)),
            Step("", ("escape",), ("[Users 40]",)),
            Step("directory-facets", ("f",), ("AS A FILTER",)),
            Step("directory-columns", ("escape", "c"), ("Columns",)),
            Step("directory-sort", ("escape", "s"), ("Sort",)),
            Step("directory-export", ("escape", "e"), ("Export what is shown",)),
            Step("", ("escape",), ("[Users 40]",)),
            Step("", ("slash",), (" / ",)),
            Step("directory-filter", (*"love",), ("2 of 40",)),
            Step("activity", ("escape", "escape", "5"), ("[5 Activity]",)),
            Step("", ("f",), ("5  refused only",)),
            Step("activity-refused", ("enter",), ("Fix",)),
            Step("audit", ("escape", "tab"), ("token.delete",)),
        )
    ),
    Story(
        (
            Step("help", ("question_mark",), ("STATUS SCREEN",)),
            Step("actions", ("escape", "a"), ("Actions",)),
            Step("command", ("escape", "colon"), ("Command",)),
            Step("profiles", ("escape", "p"), ("Switch profile",)),
            Step("profile-form", ("i",), ("Add a profile",)),
            Step("", ("escape",), ("Switch profile",)),
            Step("delete", ("escape", "2", "D"), ("Type DELETE to go on",)),
            Step("delete-typed", (*"DELETE",), ("Enter goes on",)),
            Step("people-file", ("escape", "3", "u"), ("Load people",)),
        )
    ),
    Story(
        (
            Step("", ("3",), ("7 checked",)),
            Step("", ("U",), ("This one request",)),
            Step("mapping-pushed", ("y",), ("PROVISIONED",)),
        )
    ),
    Story(
        (
            Step("secret", ("2", "C"), ("its secret is shown once",)),
            Step("secret-shown", ("s",), ("memory-secret",)),
            Step("secret-save", ("s", "f"), ("Save the secret",)),
            Step("secret-closing", ("escape", "escape"), ("cannot be shown again",)),
        ),
        prepare=_one_token,
    ),
    Story(
        (
            Step("tokens-none", ("2",), ("No token",)),
            Step("disable", ("X",), ("Type DISABLE to go on",)),
        ),
        prepare=_no_tokens,
    ),
    Story((Step("status-off", (), ("DISABLED",)),), prepare=_off),
    Story(
        (
            Step("status-empty", (), ("0 users",)),
            Step("directory-empty", ("4",), ("[4 Directory]",)),
            Step("activity-empty", ("5",), ("[5 Activity]",)),
        ),
        prepare=_empty,
    ),
    Story((Step("status-read-only", ("X",), ("read-only",)),), read_only=True),
    Story((Step("status-unreachable", (), ("No answer",)),), prepare=_down, opened=False),
    Story(
        (Step("status-refused", (), ("refused the admin key",)),),
        prepare=_refused,
        opened=False,
    ),
    Story(
        (
            Step("light-status", (), ("Audit trail",)),
            Step("light-directory", ("4",), ("[Users 40]",)),
        ),
        theme="light",
    ),
    Story(
        (
            Step("ansi-status", (), ("Audit trail",)),
            Step("ansi-tokens", ("2",), ("[2 Tokens]",)),
        ),
        theme="ansi",
    ),
)
AUDIT = (
    (3_000, "provisioning.enable", "", Phase.INTENDED),
    (2_999, "provisioning.enable", "", Phase.DONE),
    (900, "token.create", "", Phase.INTENDED),
    (899, "token.create", "9ab25e77-0002", Phase.DONE),
    (300, "token.delete", "5d1f0c11-0000", Phase.INTENDED),
    (299, "token.delete", "5d1f0c11-0000", Phase.DONE),
)


def write_files(folder: Path) -> None:
    """The people to preview and the acts of operators before the story."""
    from scim_tui.core.base.audit import AuditTrail

    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "groups.csv").write_text(GROUPS, encoding="utf-8")
    for seconds, action, target, phase in AUDIT:
        at = START - timedelta(seconds=seconds)
        trail = AuditTrail(
            folder / "audit.jsonl",
            actor="jdoe@bastion",
            profile="prod-aws",
            via="tui",
            clock=partial(datetime.fromisoformat, at.isoformat()),
        )
        trail.write_now(action, target, phase)
