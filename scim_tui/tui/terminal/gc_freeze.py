"""The collector of the interpreter, which stops everything while it goes through all there is."""

import gc
from functools import cache


@cache
def spare_the_collector() -> None:
    """Leave what there is by now, the app itself, out of the collector's rounds; once.

    Going through all of it takes 30 to 90 ms, again and again while many people pass.
    """
    gc.freeze()
