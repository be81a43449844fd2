"""Themes: dark, light, and the terminal's own sixteen colours; and how each role looks in them."""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="scim-dark",
    primary="#7aa2f7",
    secondary="#9aa5ce",
    accent="#7aa2f7",
    foreground="#c8d0e0",
    background="#12151c",
    surface="#12151c",
    panel="#1a1f29",
    success="#8ec07c",
    warning="#e0af68",
    error="#f7768e",
    dark=True,
    variables={"info": "#7dcfff", "unknown": "#bb9af7", "quiet": "#6b7489", "cursor": "#283150"},
)
LIGHT = Theme(
    name="scim-light",
    primary="#2a5db0",
    secondary="#51607a",
    accent="#2a5db0",
    foreground="#1f2733",
    background="#fafafa",
    surface="#fafafa",
    panel="#eef0f4",
    success="#3c7a2c",
    warning="#96610a",
    error="#b3203c",
    dark=False,
    variables={"info": "#0b6e8f", "unknown": "#7a3fb0", "quiet": "#6a7383", "cursor": "#d6e2f8"},
)
ANSI = Theme(
    name="scim-ansi",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    dark=True,
    variables={
        "info": "ansi_cyan",
        "unknown": "ansi_magenta",
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border-blurred": "ansi_default",
        "quiet": "ansi_bright_black",
        "cursor": "ansi_blue",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_bright_blue",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_bright_blue",
        "screen-selection-foreground": "ansi_black",
    },
)
THEMES = {"dark": DARK, "light": LIGHT, "ansi": ANSI}
_COLOURS = {
    "dim": "quiet",
    "title": "foreground",
    "accent": "accent",
    "good": "success",
    "warn": "warning",
    "bad": "error",
    "info": "info",
    "unknown": "unknown",
    "rule": "quiet",
    "tab": "accent",
}
"""Roles with a colour, and its name in the theme."""
_BOLD = frozenset({"bold", "title", "bad", "tab", "mark", "cursor"})


def role_style(role: str, variables: Mapping[str, str]) -> Style:
    """The style that a role adds to plain text, given the variables of a theme.

    Other themes lack some of our colours; then the role has none.
    """
    if role == "cursor" and variables.get("background") == "ansi_default":
        return Style(reverse=True)
    names = (_COLOURS.get(role, ""), "cursor" if role == "cursor" else "")
    colours = [
        Color.parse(variables[name]).rich_color if name in variables else None for name in names
    ]
    return Style(bold=role in _BOLD or None) + Style.from_color(*colours)
