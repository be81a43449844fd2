"""Users and groups: listed, searched, looked at, exported."""
