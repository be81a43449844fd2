"""Loads, proposes and writes mappings."""
