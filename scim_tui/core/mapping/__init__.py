"""A mapping run over people and groups: previewed, compared, pushed."""
