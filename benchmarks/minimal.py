"""The smallest app of the framework that shows a line of text."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Minimal(App[None]):
    """One widget."""

    def compose(self) -> ComposeResult:
        """Give the widget."""
        yield Static("The smallest app of the framework that shows a line of text to a person.")


if __name__ == "__main__":
    Minimal().run()
