"""Rotations in which everything goes wrong, and what becomes of the tokens."""
