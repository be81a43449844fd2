"""The profile that is open, as the top line of every screen and dialog begins."""

from typing import Protocol

from scim_tui.tui.drawing.text import Line, Span


class OpenProfile(Protocol):
    """What the line shows of the open profile."""

    @property
    def name(self) -> str:
        """The name of the profile."""
        ...

    @property
    def label(self) -> str:
        """Word beside the name, such as PROD; empty: none."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether changes are forbidden."""
        ...

    @property
    def title(self) -> str:
        """The name of the provider; empty until the connection is open."""
        ...


def identity_line(profile: OpenProfile) -> Line:
    """Name, label, read-only mark and provider."""
    parts: list[Span] = [Span(f" {profile.name}", "title")]
    if profile.label:
        parts.append(Span(f" [{profile.label}]", "bad" if profile.label == "PROD" else "dim"))
    if profile.read_only:
        parts.append(Span(" [RO]", "warn"))
    return (*parts, Span(f"  {profile.title}"))
