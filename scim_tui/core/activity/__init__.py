"""What the IdP did: its requests, the people it cannot get in, and what it sent."""
