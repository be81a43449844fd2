"""The Activity screen."""
