"""Slows down an address that keeps sending tokens that are not known here.

Only wrong tokens are counted, so that an accepted one is never slowed, whatever else comes from its
address. The memory is bounded: the address that was quiet for longest is forgotten first.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from scim_tui.service.scim.throttle import Bucket

AT_ONCE = 20
"""Wrong tokens of one address that are answered at once."""
PER_SECOND = 1.0
"""Wrong tokens a second after that."""
MOST_ADDRESSES = 4096
_IPV6_NETWORK = 64
"""One subscriber has at least this network: its addresses count as one (RFC 6177)."""


class WrongTokens:
    """Decides which wrong token is answered 401 and which 429."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._buckets)

    def wait(self, address: str) -> int:
        """Count one wrong token; the seconds that its sender should wait, or 0."""
        now, key = self._clock(), _network(address)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(PER_SECOND, now, AT_ONCE)
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return 0 if bucket.take(1, now) else max(1, math.ceil(bucket.seconds_until(1)))


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
    return str(found)
