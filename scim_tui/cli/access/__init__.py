"""`scim-tui access`: who can do what in which AWS account."""
