"""`scim-tui doctor --iam-policy`: what AWS has to allow, feature by feature."""

import argparse

from scim_tui.cli.base.args import chosen_profile
from scim_tui.cli.base.exits import Exit
from scim_tui.cli.base.output import print_json, say


def print_policy(args: argparse.Namespace) -> int:
    """The policy on stdout, and on stderr what each statement is for. Raises `UsageError`."""
    from scim_tui.config.aws import IDENTITY_CENTER
    from scim_tui.providers.identity_center.places import partition
    from scim_tui.providers.identity_center.policy import FEATURES, policy

    profile = chosen_profile(args)
    ref = profile.aws if profile.provider == IDENTITY_CENTER else None
    place = {"store_id": ref.identity_store_id, "partition": partition(ref.region)} if ref else {}
    document = policy(args.iam_policy, **place)
    wanted = [each for each in FEATURES if not args.iam_policy or each.name in args.iam_policy]
    if args.json:
        features = [
            {
                "name": each.name,
                "what": each.what,
                "actions": list(each.actions),
                "optional": each.optional,
            }
            for each in wanted
        ]
        print_json({"policy": document, "features": features})
        return Exit.DONE
    print_json(document)
    for each in wanted:
        say(f"{each.name}: {each.what}{' (optional)' if each.optional else ''}")
    return Exit.DONE
