"""One open connection, as the screens see it."""
