"""What every verb of the core stands on: the audit trail, the clock, the guard of changes."""
