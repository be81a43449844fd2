"""Generic dialogs: choose, type, confirm, read, take a secret."""
