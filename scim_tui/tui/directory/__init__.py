"""The Directory screen."""
