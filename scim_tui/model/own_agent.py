"""The User-Agent of this program, by which its requests are not counted as an IdP's."""

from scim_tui.model.unknown_values import Absent, Words

OWN_AGENT = "scim-tui/"
"""How the User-Agent of everything we send begins."""


def is_ours(client: Words | None) -> bool:
    """Whether this User-Agent is one of ours."""
    return client is not None and not isinstance(client, Absent) and client.startswith(OWN_AGENT)
