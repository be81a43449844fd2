"""Profiles, secrets and the folders they live in."""
