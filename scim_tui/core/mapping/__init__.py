"""Rules applied to people and groups: previewed, compared with a directory, pushed."""
