"""The `:` command line, which runs an action by its name."""

from collections.abc import Sequence

from scim_tui.model.nearest import suggestion
from scim_tui.tui.drawing.completion import grow
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.shell import messages
from scim_tui.tui.shell.actions import Action


class CommandLine(Prompt):
    """Takes the name of an action; Tab completes. Answers the id of the action."""

    def __init__(self, actions: Sequence[Action]) -> None:
        self._ids = {action.id.replace("_", " "): action.id for action in actions}
        names = sorted(self._ids)
        super().__init__(
            messages.COMMAND,
            _rows(names),
            check=self._wrong,
            complete=lambda text: grow(text.lower(), names),
        )

    def _wrong(self, text: str) -> str:
        if self._found(text):
            return ""
        return messages.no_command(suggestion(text.strip(), self._ids))

    def _found(self, text: str) -> str | None:
        wanted = " ".join(text.lower().replace("_", " ").split())
        starts = [name for name in self._ids if name.startswith(wanted)] if wanted else []
        name = wanted if wanted in self._ids else starts[0] if len(starts) == 1 else None
        return self._ids[name] if name else None

    def answer(self, text: str) -> str:
        """The id of the action, not what was typed."""
        return self._found(text) or ""


def _rows(names: Sequence[str], cells: int = 70) -> list[str]:
    rows = [""]
    for name in names:
        if len(rows[-1]) + len(name) + 3 > cells:
            rows.append("")
        rows[-1] += f"{name}   "
    return rows
