"""Users and groups: list, search, show, export."""
