"""`scim-tui mapping push`: send one person, exactly as the preview shows."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.access.loss import losses_object, print_losses
from scim_tui.cli.base.exits import Exit, exit_code
from scim_tui.cli.base.output import line, print_fields, print_json, say
from scim_tui.cli.mapping.files import say_notes
from scim_tui.cli.mapping.live import live
from scim_tui.model.errors import UsageError

if TYPE_CHECKING:
    from scim_tui.core.access.api import Losses
    from scim_tui.core.mapping.api import MappingPreview, Push, Pushed
    from scim_tui.core.workspace import Workspace


async def push(args: argparse.Namespace, space: "Workspace") -> int:
    """Show the request; with `--yes` send it and show the result."""
    from scim_tui.core.mapping.api import MappingPreview

    preview = MappingPreview(space.provider, guard=space.guard, clock=space.clock, live=live(args))
    await preview.load_mapping(args.mapping)
    await preview.load_people(args.people, scope=args.scope, encoding=args.encoding)
    await preview.run()
    say_notes(preview)
    index = _find(preview, args.person)
    request = await preview.request(index)
    losses = await preview.access_lost(index, space.access)
    if not args.json:
        print_losses(losses)
    if not args.yes:
        _show(request, args.json, losses)
        say("Nothing was sent. Add --yes to send exactly this.")
        return Exit.USAGE
    if not args.json:
        _show(request, False, losses)
    pushed = await preview.push(index, request)
    _show_result(pushed, args.json)
    if pushed.met is None and pushed.error is not None:
        return exit_code(pushed.error)
    return Exit.DONE if pushed.met else Exit.REFUSED


def _find(preview: "MappingPreview", name: str) -> int:
    """Index of the one person with this userName, address or externalId. Raises `UsageError`."""
    found = preview.find(name)
    if not found:
        raise UsageError(f"There is no person {name!r}.", "Name a userName of the preview.")
    if len(found) > 1:
        raise UsageError(f"{len(found)} people are {name!r}.", "Name an externalId.")
    return found[0]


def _show(request: "Push", as_json: bool, losses: "Losses | None") -> None:
    if as_json:
        print_json({**request.as_object(), "access_lost": losses_object(losses)})
        return
    say(request.why)
    if request.method:
        line(f"{request.method} {request.path}")
        print_json(dict(request.body))


def _show_result(pushed: "Pushed", as_json: bool) -> None:
    if as_json:
        print_json(pushed.as_object())
        return
    fields = [("Outcome", pushed.outcome)]
    if pushed.record:
        fields.append(("User", pushed.record.id))
    fields += [
        (f"Differs: {one.path}", f"sent {one.after!r}, there {one.now!r}")
        for one in pushed.differences
    ]
    print_fields(fields)
