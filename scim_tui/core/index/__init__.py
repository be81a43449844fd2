"""The local list of users and groups: one SQLite file for each profile, searched in threads."""
