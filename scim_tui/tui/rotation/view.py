"""The data that the rotation wizard draws, and how its labels, sentences and times are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scim_tui.idps.port import Guide, GuideStep
from scim_tui.model.ages import exact_age
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.rotation.rotation import Rotation
from scim_tui.model.unknown_values import Absent, Moment
from scim_tui.tui.drawing import values as present
from scim_tui.tui.drawing.text import Line, Span, line, wrap
from scim_tui.tui.rotation.ways import DeliveryWay


@dataclass(frozen=True, slots=True)
class TestUser:
    """The user to be changed in the IdP, and the newest request about it since then."""

    __test__ = False

    name: str
    since: datetime
    seen: str = ""
    """The newest request about this user, in words; empty: none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WizardView:
    """All data that the wizard draws."""

    rotation: Rotation
    now: datetime
    cells: int
    secret_held: bool = False
    guide: Guide | None = None
    steps: Sequence[GuideStep] = ()
    idp: str = "the IdP"
    ways: Sequence[DeliveryWay] = ()
    way: int = 0
    test_user: TestUser | None = None
    can_suspend: bool = False
    slots: Sequence[tuple[AccessToken, str]] = ()
    short: bool = False
    """Whether there are so few rows that only what a person does is shown."""
    held_by: str = ""
    """Which other process works on it, as a sentence; empty: none."""


def para(name: str, text: str, cells: int, role: str = "", label: int = 14) -> list[Line]:
    """A labelled text, as wide as there is room."""
    first, *rest = wrap(text, max(cells - label - 2, 20))
    return [
        present.field(name, Span(first, role), label),
        *(present.field("", Span(row, role), label) for row in rest),
    ]


def sentence_lines(text: str, cells: int, role: str) -> list[Line]:
    """A text on as many lines as it takes."""
    return [line((f" {row}", role)) for row in wrap(text, max(cells - 2, 20))]


def clock(at: Moment) -> str:
    """An instant as its time of day."""
    return "-" if isinstance(at, Absent) else f"{at:%H:%M:%SZ}"


def when(at: Moment, now: datetime) -> str:
    """An instant with its age."""
    return str(at) if isinstance(at, Absent) else f"{at:%H:%M:%SZ}, {exact_age(at, now)}"
