"""The answers that a rotation needs: from the options, or also from a person at the terminal."""

import argparse
import sys
from collections.abc import Sequence
from typing import Protocol

from pydantic import SecretStr

from scim_tui.cli.base import prompt as asking
from scim_tui.cli.base.args import WAYS
from scim_tui.cli.base.output import say
from scim_tui.model.errors import ConfirmationMissing, ScimTuiError, UsageError
from scim_tui.model.provisioning import DELETE_WORD, AccessToken
from scim_tui.model.rotation.proof import silent_for
from scim_tui.model.rotation.rotation import Rotation, State, TestResult

Slots = Sequence[tuple[AccessToken, str]]


class NotYet(ScimTuiError):
    """The rotation stops here for now; `--resume` goes on with it."""


class Answers(Protocol):
    """The questions of a rotation. A missing answer raises an error that says how to give it."""

    patient: bool
    """Whether to wait for the IdP until Ctrl-C."""

    async def go_on(self, sentence: str) -> None:
        """Print what comes next; at a terminal, wait for Enter."""
        ...

    async def word(self, what: str) -> str:
        """The word DELETE."""
        ...

    async def slot(self, slots: Slots) -> tuple[str, str]:
        """The token to be deleted to make room, with its word."""
        ...

    async def new_token(self) -> tuple[SecretStr, str]:
        """The text and the id of a token that a person made."""
        ...

    async def way(self) -> str:
        """Where the secret goes when no program takes it, as `--secret-to` has it."""
        ...

    async def installed(self) -> bool:
        """Whether a person says that the IdP has the secret."""
        ...

    async def tested(self) -> TestResult:
        """What the IdP's own test said."""
        ...

    async def reason(self, rotation: Rotation) -> str:
        """Why a rotation that needs attention may go on."""
        ...

    async def deleted(self, rotation: Rotation) -> str:
        """The word DELETE, once a person has deleted the old token."""
        ...


class OptionAnswers:
    """The options of the command line; nothing is asked."""

    patient = False

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args

    async def go_on(self, sentence: str) -> None:
        """Print it, and go on."""
        say(sentence)

    async def word(self, what: str) -> str:
        """`--confirm`."""
        if not self.args.confirm:
            raise ConfirmationMissing(
                f"{what} needs the word {DELETE_WORD}; nothing was deleted.",
                f"Go on with --resume --confirm {DELETE_WORD}.",
            )
        return str(self.args.confirm)

    async def slot(self, slots: Slots) -> tuple[str, str]:
        """`--free`, with its word."""
        if self.args.free:
            return self.args.free, self.args.confirm
        best = next((token.id for token, reason in slots if not reason), "")
        raise NotYet(
            "The most tokens exist, so one has to go first; nothing was done.",
            f"Go on with --resume --free {best} --confirm {DELETE_WORD}."
            if best
            else "None of them may go: each is in use, or the only one that works.",
        )

    async def new_token(self) -> tuple[SecretStr, str]:
        """`--new-id`, and standard input."""
        if not self.args.new_id:
            raise UsageError(
                "Here a person makes the token; nothing was done.",
                "Make it, and go on with --resume --new-id ID and its text on standard input.",
            )
        return SecretStr(sys.stdin.readline().strip()), self.args.new_id

    async def way(self) -> str:
        """Nowhere else."""
        return ""

    async def installed(self) -> bool:
        """`--installed`."""
        return bool(self.args.installed)

    async def tested(self) -> TestResult:
        """`--idp-test`; without it the test was left out."""
        return TestResult(self.args.idp_test or "skipped")

    async def reason(self, rotation: Rotation) -> str:
        """`--settle`."""
        if not self.args.settle:
            raise NotYet(rotation.trouble, "Look at it, then go on with --resume --settle REASON.")
        # One reason settles one trouble.
        reason, self.args.settle = str(self.args.settle), ""
        return reason

    async def deleted(self, rotation: Rotation) -> str:
        """`--deleted-by-hand`, with its word."""
        if not self.args.deleted_by_hand:
            raise NotYet(
                f"Here a person deletes the old token {rotation.old.id}.",
                f"Delete it, then go on with --resume --deleted-by-hand --confirm {DELETE_WORD}.",
            )
        return await self.word("Saying that it is deleted")


class TerminalAnswers(OptionAnswers):
    """A person at a terminal, asked for what the options do not say."""

    patient = True

    async def go_on(self, sentence: str) -> None:
        """Print it, and wait for Enter."""
        say("")
        say(sentence)
        await asking.ask("Enter goes on, Ctrl-C stops here:")

    async def word(self, what: str) -> str:
        """The word, typed."""
        if self.args.confirm:
            return await super().word(what)
        return await asking.ask_word(f"{what}: type {DELETE_WORD}:")

    async def slot(self, slots: Slots) -> tuple[str, str]:
        """The id, typed or the best one, and the word."""
        if self.args.free:
            return await super().slot(slots)
        for token, reason in slots:
            say(f"  {token.id}  {reason or 'may go'}")
        best = next((token.id for token, reason in slots if not reason), "")
        if not best:
            return await super().slot(slots)
        chosen = await asking.ask(f"Which one is deleted? (Enter: {best})") or best
        return chosen, await asking.ask_word(f"Deleting {chosen}: type {DELETE_WORD}:")

    async def new_token(self) -> tuple[SecretStr, str]:
        """Both, typed; the text without an echo."""
        token_id = self.args.new_id or await asking.ask("Id of the new token, from the list:")
        return await asking.ask_secret("Its text (not shown):"), token_id

    async def way(self) -> str:
        """Asked."""
        return await asking.ask(f"Where should the new secret go? ({WAYS})")

    async def installed(self) -> bool:
        """Asked."""
        if self.args.installed:
            return True
        answer = await asking.ask("Type installed when the IdP has it (Enter: look for it):")
        return answer == "installed"

    async def tested(self) -> TestResult:
        """Asked."""
        if self.args.idp_test:
            return await super().tested()
        answer = await asking.ask("What did the IdP's own test say? passed, failed (Enter: none)")
        return TestResult(answer) if answer in list(TestResult) else TestResult.SKIPPED

    async def reason(self, rotation: Rotation) -> str:
        """Asked."""
        if self.args.settle:
            return await super().reason(rotation)
        say(rotation.trouble)
        reason = await asking.ask("You looked at it, and it may go on because (Enter: stop):")
        if not reason:
            raise NotYet("It stays as it is.", "Go on when it is clear.")
        return reason

    async def deleted(self, rotation: Rotation) -> str:
        """The word, once it is done."""
        if self.args.deleted_by_hand:
            return await super().deleted(rotation)
        say(f"Delete {rotation.old.id} where tokens are made.")
        return await asking.ask_word(f"When it is deleted, type {DELETE_WORD}:")


def how_on(rotation: Rotation) -> str:
    """A hint for what to do while there is no proof."""
    if rotation.state is State.DELIVERED:
        return f"--resume with --installed, or with --not-arrived {rotation.label}, as it is."
    if silent_for(rotation) is None:
        words = f"--old {rotation.old.id} --confirm DELETE --accept-unproven REASON"
        return f"Look in the IdP, then go on with --resume {words}"
    return "Go on later, and give it time: --resume --wait-observed 45m"
