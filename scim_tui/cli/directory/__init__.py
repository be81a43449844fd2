"""`scim-tui users`, `groups` and `cache`."""
