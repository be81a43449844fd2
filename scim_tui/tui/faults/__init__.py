"""Faults of the program itself: caught, written to a file, and survived."""
