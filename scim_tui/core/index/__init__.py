"""The kept list of users and groups: SQLite, one file a profile, searched off the loop."""
