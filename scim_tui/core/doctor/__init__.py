"""Checks of the machine, the profile, the connection and the terminal, as findings."""
