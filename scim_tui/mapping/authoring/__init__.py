"""Mappings loaded, proposed and written."""
