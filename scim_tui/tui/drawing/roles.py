"""The role, and so the colour, of each mark that the core puts before a state."""

MARK_ROLES = {
    "[ok]": "good",
    "[90]": "info",
    "[60]": "warn",
    "[30]": "warn",
    "[ 7]": "bad",
    "[EXP]": "bad",
    "[ ?]": "unknown",
    "[no-exp]": "dim",
    "[!!]": "bad",
    "[..]": "dim",
    "[--]": "dim",
}
"""The mark itself carries the meaning where there is no colour."""
