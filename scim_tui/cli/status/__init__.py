"""`scim-tui status`: one verdict on provisioning, for people and for monitoring."""
