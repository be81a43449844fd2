"""The database of the service: tokens, users, groups, events, and how it survives accidents."""
