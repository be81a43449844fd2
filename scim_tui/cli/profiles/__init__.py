"""`scim-tui profiles`."""
