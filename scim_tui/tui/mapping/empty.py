"""The lines of an empty list on the Mapping screen: why it is empty, and the next step."""

from scim_tui.tui.drawing.text import line

NO_MATCH = [line(("  no match: Esc shows everybody", "dim"))]
NO_GROUPS = [
    line(
        ("  No groups. ", "dim"),
        ("b", "accent"),
        (" loads a file of groups with their members;", "dim"),
    ),
    line(("  or a column of the people names them: groups, memberOf.", "dim")),
]
HOW = (
    line(
        ("  No people yet. ", "dim"),
        ("u", "accent"),
        (" loads CSV, JSON, JSONL or LDIF as your IdP exports it.", "dim"),
    ),
    line(
        ("  ", ""),
        ("m", "accent"),
        (" loads a mapping.  ", "dim"),
        ("w", "accent"),
        (" asks what if, for one person typed in.", "dim"),
    ),
)
