"""The Tokens screen."""
