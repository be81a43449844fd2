"""The lines of an empty list on the Mapping screen: why it is empty, and the next step."""

from scim_tui.tui.drawing.text import line
from scim_tui.tui.mapping import messages

NO_MATCH = [line((messages.NO_MATCH, "dim"))]
NO_GROUPS = [
    line(
        (messages.NO_GROUPS, "dim"),
        ("b", "accent"),
        (messages.LOADS_GROUPS, "dim"),
    ),
    line((messages.GROUPS_OF_COLUMN, "dim")),
]
NO_PEOPLE = (
    line(
        (messages.NO_PEOPLE, "dim"),
        ("u", "accent"),
        (messages.LOADS_PEOPLE, "dim"),
    ),
    line(
        ("  ", ""),
        ("m", "accent"),
        (messages.LOADS_MAPPING, "dim"),
        ("w", "accent"),
        (messages.ASKS_WHAT_IF, "dim"),
    ),
)
