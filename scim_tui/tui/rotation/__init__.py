"""The rotation wizard."""
