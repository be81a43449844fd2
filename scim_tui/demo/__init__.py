"""The demo: an invented company, and a simulated IdP that provisions it."""
