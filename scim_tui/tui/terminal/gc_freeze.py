"""Exclude long-lived objects from garbage collection, which pauses the program."""

import gc
from functools import cache


@cache
def freeze_objects() -> None:
    """Exclude all objects that exist by now, the app itself, from garbage collection; once.

    A full collection takes 30 to 90 ms, and happens often while many rows are read.
    """
    gc.freeze()
