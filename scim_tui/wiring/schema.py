"""The live schema of an app of Entra ID, and where the token for it comes from."""

import os
import shlex

from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.model.errors import UsageError
from scim_tui.wiring.providers import lean_httpx


async def entra_schema(app: str, token: str = "") -> str:
    """The synchronization schema of an app of Entra ID, live.

    `token` is file:PATH, env:NAME, command:CMD or keyring:NAME. Without one it is the file that
    `SCIM_TUI_GRAPH_TOKEN_FILE` names, or the Azure CLI is asked.
    """
    lean_httpx()
    from scim_tui.idps.graph import GRAPH, Graph

    endpoint = os.environ.get("SCIM_TUI_GRAPH_ENDPOINT") or GRAPH
    graph = Graph(await _graph_token(token, endpoint).resolve(), endpoint)
    try:
        return await graph.schema(app)
    finally:
        await graph.aclose()


def _graph_token(token: str, endpoint: str) -> SecretSource:
    if file := os.environ.get("SCIM_TUI_GRAPH_TOKEN_FILE"):
        token = token or f"{SecretPlace.FILE}:{file}"
    if not token:
        scheme, _, rest = endpoint.partition("://")
        resource = f"{scheme}://{rest.partition('/')[0]}"
        ask = f"az account get-access-token --resource {shlex.quote(resource)}"
        return SecretSource(SecretPlace.COMMAND, f"{ask} --query accessToken --output tsv")
    kind, colon, where = token.partition(":")
    if kind not in set(SecretPlace) or not colon or not where:
        raise UsageError(
            "The token of Graph is not named.",
            "Write file:PATH, env:NAME, command:CMD or keyring:NAME.",
        )
    return SecretSource(SecretPlace(kind), where)
