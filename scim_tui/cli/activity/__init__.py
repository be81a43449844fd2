"""`scim-tui activity`: what the IdP did, the people it cannot get in, and what it sent."""
