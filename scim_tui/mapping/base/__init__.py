"""Bounds, errors and suggestions of nearby names."""
