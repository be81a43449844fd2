"""Rules applied to people: payloads, findings, changes."""
