"""Which client sent a request with the new token: the IdP, or another one that has the secret.

The IdP is recognised by the User-Agent of its requests with the old token. Versions may differ, as
an IdP is updated now and then. Another client with the new token proves that the token works, but
not that the IdP has it, so it is no reason to delete the old one.
"""

import re

from scim_tui.model.own_agent import is_ours
from scim_tui.model.rotation.rotation import Rotation, TokenActivity
from scim_tui.model.unknown_values import Absent, Words

_VERSION = re.compile(r"(?:/|\s+v?(?=\d)).*", re.DOTALL)


def is_own(rotation: Rotation, client: Words) -> bool:
    """Whether a request was one of ours."""
    return not isinstance(client, Absent) and (rotation.nonce in client or is_ours(client))


def is_idp(rotation: Rotation, seen: TokenActivity, client: Words) -> bool:
    """Whether a request with the new token may be the IdP's, as far as is known.

    Where the log does not name clients, only a token that was handed over can be the IdP's.
    """
    known = {program(each) for each in seen.old_clients if not is_own(rotation, each)}
    if isinstance(client, Absent) or not known:
        return bool(rotation.receipts)
    return program(client) in known


def program(client: str) -> str:
    """The name in a User-Agent, without its version."""
    return _VERSION.sub("", client).strip().casefold()


def strangers(seen: TokenActivity) -> str:
    """A sentence about clients of the new token that are not known as the IdP; empty: none."""
    if not seen.other_requests:
        return ""
    who = ", ".join(seen.other_clients) or "A client without a User-Agent"
    known = ", ".join(seen.old_clients) or "no known client"
    return f"{who} uses the new token; the old one was used by {known}."
