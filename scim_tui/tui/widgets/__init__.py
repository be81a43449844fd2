"""Widgets that draw line by line; none depends on a screen."""
