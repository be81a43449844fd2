"""Widgets that draw by the line and know no screen."""
