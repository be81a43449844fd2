"""The open connection, and what the screens need of the app."""
