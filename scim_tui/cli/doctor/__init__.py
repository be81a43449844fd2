"""`scim-tui doctor`."""
