"""Profiles: the switcher, the form, the connection test."""
