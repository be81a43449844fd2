"""`scim-tui tokens rotate`."""
