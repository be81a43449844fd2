"""Rules and people in, payloads, findings and changes out. Pure."""
