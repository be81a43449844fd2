"""Applies mapping rules to people: payloads, findings and changes, without I/O to a server."""
