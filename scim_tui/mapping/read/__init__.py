"""Readers of exported files of people and groups, row by row."""
