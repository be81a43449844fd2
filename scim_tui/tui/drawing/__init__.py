"""How values become lines: text, themes, fields."""
