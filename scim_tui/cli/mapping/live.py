"""The schema of an app, requested from Entra ID by the commands that take a mapping."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import Live


def add_graph_token(parser: argparse.ArgumentParser) -> None:
    """Add the option that names where the token for Microsoft Graph is kept."""
    parser.add_argument(
        "--graph-token",
        metavar="SOURCE",
        default="",
        help="for entra: file:PATH, env:NAME, command:CMD or keyring:NAME; without, the Azure CLI "
        "is asked (az account get-access-token)",
    )


def live(args: argparse.Namespace) -> "Live":
    """A function that asks Entra ID, with the token that the options name."""

    async def ask(app: str) -> str:
        from scim_tui.wiring import entra_schema

        return await entra_schema(app, args.graph_token)

    return ask
