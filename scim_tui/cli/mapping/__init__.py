"""`scim-tui mapping`."""
