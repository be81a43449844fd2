"""`scim-tui tokens rotate`: replace an access token without a gap, and come back to it later."""

import argparse
from typing import TYPE_CHECKING

from scim_tui.cli.base.args import command, secret_option
from scim_tui.cli.base.span import hours
from scim_tui.model.errors import ConfirmationMissing, UsageError

if TYPE_CHECKING:
    from scim_tui.cli.base.args import Commands

STDOUT = "stdout"
TESTS = ("passed", "failed", "skipped")
EXAMPLES = """scim-tui tokens rotate
scim-tui tokens rotate --idp 'command:./put-token.sh {endpoint}' --wait-observed 45m
scim-tui tokens rotate --resume --wait-observed 45m --confirm DELETE
scim-tui tokens rotate --status --json
scim-tui tokens rotate --abort --confirm DELETE"""
_NOTE = """
On a terminal it asks step by step; elsewhere, or with --no-input, it does what its options allow
and stops before the rest. Everything is kept on disk, so it may be stopped at any moment and gone
on with by --resume. The old token is deleted only when the IdP was seen writing with the new one
and the old one was silent for a whole cycle; --accept-unproven REASON, with --old ID and
--confirm DELETE, accepts less.

codes: 0 the old token is gone; 1 not proven yet, or a person has to look; 2 a word or an option is
missing; 3 to 5 as everywhere; 130 stopped. --status: 0 none is open, 1 one is open.
"""


def add(verbs: "Commands") -> None:
    """Add the command below `tokens`."""
    rotate = command(
        verbs,
        "rotate",
        "replace the access token in use without a gap",
        _rotate,
        example=EXAMPLES,
    )
    rotate.epilog = f"{rotate.epilog}\n{_NOTE}"
    _add_modes(rotate)
    _add_ways(rotate)
    _add_words(rotate)
    _add_proof(rotate)
    _add_ending(rotate)


def _add_modes(rotate: argparse.ArgumentParser) -> None:
    mode = rotate.add_mutually_exclusive_group()
    mode.add_argument("--resume", action="store_true", help="go on with the open rotation")
    mode.add_argument("--status", action="store_true", help="say where it stands, from the disk")
    mode.add_argument(
        "--abort",
        action="store_true",
        help="stop it; with --confirm DELETE the new token is deleted",
    )
    rotate.add_argument(
        "--take-over",
        metavar="WORDS",
        default="",
        help='"TAKE OVER" a rotation that another session holds',
    )
    rotate.add_argument("--no-input", action="store_true", help="never ask, also on a terminal")


def _add_ways(rotate: argparse.ArgumentParser) -> None:
    rotate.add_argument(
        "--idp",
        metavar="IDP",
        default="",
        help="who gets the secret: command:CMD, manual:NAME, secretsmanager:ARN[#key],"
        " ssm:NAME[#key] or demo (what the profile says)",
    )
    secret_option(rotate, "where else the new secret goes")
    rotate.add_argument(
        "--update-profile",
        action="store_true",
        help="also put it where the profile reads its own token from",
    )
    rotate.add_argument(
        "--old", metavar="ID", default="", help="the token to be replaced (the one in use)"
    )
    rotate.add_argument(
        "--new-id",
        metavar="ID",
        default="",
        help="where a person makes the token: its id; its text is read from standard input",
    )
    rotate.add_argument(
        "--free",
        metavar="ID",
        default="",
        help="where the most tokens exist: the one to delete first",
    )


def _add_words(rotate: argparse.ArgumentParser) -> None:
    rotate.add_argument(
        "--not-arrived",
        metavar="ID",
        default="",
        help="say that the IdP has not got this new token",
    )
    rotate.add_argument("--installed", action="store_true", help="say that the IdP has the secret")
    rotate.add_argument("--idp-test", choices=TESTS, help="what the IdP's own test said")


def _add_proof(rotate: argparse.ArgumentParser) -> None:
    rotate.add_argument(
        "--wait-observed",
        metavar="TIME",
        type=hours,
        default=None,
        help="wait this long for the proof, such as 45m",
    )
    rotate.add_argument(
        "--every",
        metavar="TIME",
        type=hours,
        default=10 / 3600,
        help="how often to look meanwhile (10s)",
    )
    rotate.add_argument("--confirm", metavar="DELETE", default="", help="the word DELETE")
    rotate.add_argument(
        "--accept-unproven",
        metavar="REASON",
        default="",
        help="accept less proof; with --old ID and --confirm DELETE",
    )


def _add_ending(rotate: argparse.ArgumentParser) -> None:
    rotate.add_argument(
        "--deleted-by-hand",
        action="store_true",
        help="where a person deletes the token: say that it is done",
    )
    rotate.add_argument(
        "--suspend",
        action="store_true",
        help="switch the old token off for a cycle before it is deleted,"
        " where the provider can do that",
    )
    rotate.add_argument(
        "--reinstate",
        action="store_true",
        help="let the suspended old token in again, and watch on",
    )
    rotate.add_argument(
        "--settle",
        metavar="REASON",
        default="",
        help="a person looked at what needed attention: go on",
    )


def _rotate(args: argparse.Namespace) -> int:
    _check(args)
    if args.status:
        from scim_tui.cli.rotation.status import show

        return show(args)
    from scim_tui.cli.rotation.run import run

    return run(args)


def _check(args: argparse.Namespace) -> None:
    """Raise `UsageError` for options that do not fit together, before anything is opened."""
    if args.confirm not in ("", "DELETE"):
        raise ConfirmationMissing(
            "The word is DELETE, in capitals; nothing was done.", "Write --confirm DELETE."
        )
    if args.accept_unproven and not (args.old and args.confirm):
        raise ConfirmationMissing(
            "Without proof two words are needed; nothing was done.",
            "Add --old ID, the id of the old token, and --confirm DELETE.",
        )
    if args.suspend and (args.resume or args.abort):
        raise UsageError("How a rotation goes is said when it begins.", "Leave --suspend out.")
    if args.reinstate and not args.resume:
        raise UsageError("Only an open rotation has a token off.", "Add --resume.")
    if args.take_over and not (args.resume or args.abort):
        raise UsageError("Only an open rotation is taken over.", "Add --resume or --abort.")
    if args.free and not args.confirm:
        raise ConfirmationMissing(
            f"Deleting {args.free} needs the word DELETE; nothing was done.",
            "Add --confirm DELETE.",
        )
    if args.json and args.secret_to == STDOUT:
        raise UsageError(
            "Both the secret and the JSON would be on stdout.", "Leave --json out, or name a file."
        )
