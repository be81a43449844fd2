"""A refused request as a curl command. The token is not in it, since it was never kept."""

import json
import shlex
from urllib.parse import quote

from scim_tui.model.sent_request import SentRequest
from scim_tui.model.unknown_values import Absent, Words

TOKEN = "***"  # noqa: S105 - what stands in the place of one
_UNKNOWN_ENDPOINT = "https://ENDPOINT"


def curl_of(sent: SentRequest, endpoint: Words) -> str:
    """The command, a line for each option; ASCII, so that it neither steers nor hides anything."""
    base = _UNKNOWN_ENDPOINT if isinstance(endpoint, Absent) else endpoint.rstrip("/")
    url = base + quote(sent.path, safe="/%:@")
    if sent.query:
        url += f"?{quote(sent.query, safe='=&%+')}"
    parts = [
        f"curl -X {shlex.quote(sent.method)} {shlex.quote(url)}",
        f"-H 'Authorization: Bearer {TOKEN}'",
    ]
    if sent.body is not None:
        parts += [
            "-H 'Content-Type: application/scim+json'",
            f"--data-raw {shlex.quote(json.dumps(sent.body))}",
        ]
    return " \\\n  ".join(parts) + "\n"
