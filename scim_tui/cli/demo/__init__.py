"""`scim-tui demo`: the app, and behind it a throw-away service with a simulated IdP."""
