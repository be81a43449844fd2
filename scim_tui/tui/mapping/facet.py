"""What narrows the list of the Mapping screen."""

from typing import NamedTuple

from scim_tui.tui.mapping import messages


class Facet(NamedTuple):
    """A finding, a kind of change, those refused, or a text in the name; empty: all are listed."""

    code: str = ""
    change: str = ""
    failures: bool = False
    text: str = ""

    @property
    def words(self) -> str:
        """As it is written above the list; empty: nothing narrows it."""
        parts = [messages.PROBLEMS_ONLY] if self.failures else []
        parts += [self.code] if self.code else []
        parts += [f"change: {self.change}"] if self.change else []
        parts += [f"filter: {self.text}"] if self.text else []
        return ", ".join(parts)
