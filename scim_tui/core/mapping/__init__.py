"""Applies rules to people and groups: preview, comparison with a directory, push."""
