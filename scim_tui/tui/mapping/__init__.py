"""The Mapping screen."""
