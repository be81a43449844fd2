"""`scim-tui tokens` and `scim-tui provisioning`."""
