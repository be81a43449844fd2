"""`scim-tui fleet`: every profile in one table."""
