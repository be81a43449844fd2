"""People through rules: payloads, findings, changes."""
