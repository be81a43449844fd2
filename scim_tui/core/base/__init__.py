"""Used by all of the core: the audit trail, the clock, the guard of changes."""
