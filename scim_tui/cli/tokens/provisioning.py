"""`scim-tui provisioning`: show its state, switch it on or off."""

import argparse
from typing import TYPE_CHECKING, Any

from scim_tui.cli.base.args import command, in_workspace, nouns, secret_option
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_fields, print_json, say

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands
    from scim_tui.cli.base.secret_to import SecretTarget
    from scim_tui.core.workspace import Workspace
    from scim_tui.model.provisioning import NewToken, ProvisioningStatus
    from scim_tui.model.unknown_values import Words


def add(commands: "Commands") -> None:
    """Add the commands."""
    noun = command(
        commands,
        "provisioning",
        "whether an IdP can push here",
        None,
        example="scim-tui provisioning status",
    )
    verbs = nouns(noun)
    command(
        verbs,
        "status",
        "show whether provisioning is on, and its endpoint",
        _status,
        example="scim-tui provisioning status --json",
    )
    enable = command(
        verbs,
        "enable",
        "switch provisioning on",
        _enable,
        example="scim-tui provisioning enable --secret-to file:~/okta-token",
    )
    secret_option(enable, "where the first token's secret goes; without it no token is kept")
    disable = command(
        verbs,
        "disable",
        "switch provisioning off; people stay",
        _disable,
        example="scim-tui provisioning disable --confirm DISABLE",
    )
    disable.add_argument("--confirm", metavar="DISABLE", default="", help="the word DISABLE")


def _status(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        status = await space.provisioning.status()
        if args.json:
            print_json(_as_data(space, status))
        else:
            _print(space, status)
        return Exit.DONE

    return in_workspace(args, work)


def _disable(args: argparse.Namespace) -> int:
    async def work(space: "Workspace") -> int:
        status = await space.provisioning.disable(args.confirm)
        if args.json:
            print_json(_as_data(space, status))
        else:
            say("Provisioning is off. Users and groups stay as they are.")
        return Exit.DONE

    return in_workspace(args, work)


def _enable(args: argparse.Namespace) -> int:
    from scim_tui.cli.base import secret_to as delivery

    async def work(space: "Workspace") -> int:
        way = delivery.parse(args.secret_to) if args.secret_to else None
        if way:
            await way.check(space)
        enabled = await space.provisioning.enable()
        shown = await _first_token(space, enabled.first_token, way, args.json)
        if args.json:
            data = {**_as_data(space, enabled.status), "first_token": shown}
            with_secret = enabled.first_token if shown and "secret" in shown else None
            await delivery.print_or_discard(space, with_secret, data)
        elif not (way and way.kind == "stdout"):
            _print(space, enabled.status)
        return Exit.DONE

    return in_workspace(args, work)


async def _first_token(
    space: "Workspace", first: "NewToken | None", way: "SecretTarget | None", as_json: bool
) -> dict[str, Any] | None:
    """Deliver the token that enabling made; without a place for its secret it is deleted."""
    from scim_tui.cli.base import secret_to as delivery

    if first is None:
        return None
    if way:
        return await delivery.hand_over(space, first, way, as_json=as_json)
    await space.tokens.discard(first)
    say("The first token was not kept, since its secret would be lost.")
    say("  Make one with: scim-tui tokens create --secret-to file:PATH")
    return None


def _as_data(space: "Workspace", status: "ProvisioningStatus") -> dict[str, Any]:
    return {"profile": space.profile.name, **status.model_dump()}


def _print(space: "Workspace", status: "ProvisioningStatus") -> None:
    from scim_tui.model.ages import stamp

    print_fields(
        [
            ("Profile", space.profile.label),
            ("Provider", space.provider.title),
            ("Provisioning", status.state.value),
            ("Endpoint", _name(status.scim_endpoint)),
            ("Tenant", _name(status.tenant_id)),
            ("Enabled", stamp(status.enabled_at)),
        ]
    )


def _name(text: "Words") -> str:
    """The words for a missing value: "none" for a name, "never" for a time."""
    from scim_tui.model.unknown_values import NEVER

    return "none" if text is NEVER else str(text)
