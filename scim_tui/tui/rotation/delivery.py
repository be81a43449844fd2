"""Steps 3 to 5 of the wizard: the secret goes out, the IdP takes it, tests it, and speaks."""

from typing import TYPE_CHECKING

from scim_tui.idps.port import InstallResult, Names, Verdict, Verified
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.provisioning import DELETE_WORD, AccessToken, NewToken
from scim_tui.model.rotation.guards import old_may_miss
from scim_tui.model.rotation.rotation import KnownBy, State, TestResult
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.secret import SecretDialog
from scim_tui.tui.rotation import asking as rotation_asking
from scim_tui.tui.rotation import test_user as rotation_test_user
from scim_tui.tui.shell import changes
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import SecretStr

    from scim_tui.core.rotation.api import HandOver, Rotations
    from scim_tui.core.workspace import Workspace
    from scim_tui.tui.rotation.screen import RotationPage
    from scim_tui.tui.rotation.ways import Way

_VERDICTS = {
    Verdict.OK: TestResult.PASSED,
    Verdict.REJECTED: TestResult.FAILED,
    Verdict.UNREACHABLE: TestResult.FAILED,
    Verdict.INCONCLUSIVE: TestResult.SKIPPED,
}


async def deliver(page: "RotationPage") -> None:
    """Hand the secret over by the chosen way."""
    _open(page)
    way = page.ways()[page.way]
    if way.off:
        page.say(f"{way.title} is not possible here: {way.off}", "warn")
        return
    if way.id == "idp":
        await _by_adapter(page)
        return
    await _by_hand(page, way)


async def _by_hand(page: "RotationPage", way: "Way") -> None:
    hand, name = await _hand(page, way)
    if hand is None:
        page.say("Nothing was handed over.", "dim")
        return
    rotations, _ = _open(page)
    if await page.attempt("Handing the secret over.", lambda: rotations.deliver(name, hand)):
        last = page.rotation.receipts[-1] if page.rotation and page.rotation.receipts else None
        page.say(f"Handed over ({last.outcome if last else 'not known'}): {name}", "good")


async def _hand(page: "RotationPage", way: "Way") -> "tuple[HandOver | None, str]":
    """What takes the secret, and its name for the receipt."""
    _, workspace = _open(page)
    if way.id == "clipboard":
        return _to_clipboard(page), "clipboard"
    if way.id == "store":
        return _to_store(workspace), way.title
    if way.id == "file":
        label = page.rotation.label if page.rotation else "new"
        start = workspace.facts.get("idp_token_file") or f"~/{label}.secret"
        words = ("A new file, readable by its owner only (0600). An existing one is not touched.",)
        path = await page.app.ask(Prompt("Save the secret", words, start))
        return (_to_file(workspace, path), f"file {path}") if path else (None, "")
    return _to_dialog(page, workspace), "shown here"


async def by_hand(page: "RotationPage") -> None:
    """Guided: whoever made the token gave its text to the IdP without this program."""
    rotations, _ = _open(page)

    async def nothing(secret: "SecretStr") -> str:
        return "by your word"

    await page.attempt("Noting it.", lambda: rotations.deliver("by hand", nothing))


def _to_clipboard(page: "RotationPage") -> "HandOver":
    async def hand(secret: "SecretStr") -> str:
        return await page.app.copy(secret.get_secret_value())

    return hand


def _to_store(workspace: "Workspace") -> "HandOver":
    async def hand(secret: "SecretStr") -> str:
        from scim_tui.config.store_secret import store_secret

        return await store_secret(workspace.profile, secret)

    return hand


def _to_file(workspace: "Workspace", path: str) -> "HandOver":
    async def hand(secret: "SecretStr") -> str:
        await workspace.tokens.save_secret(secret, path)
        return "written, 0600"

    return hand


def _to_dialog(page: "RotationPage", workspace: "Workspace") -> "HandOver":
    async def hand(secret: "SecretStr") -> str:
        label = page.rotation.label if page.rotation else ""
        dialog = SecretDialog(
            NewToken(token=AccessToken(id=label), secret=secret),
            page.endpoint(),
            workspace.tokens.save_secret,
            f"~/{label}.secret",
        )
        await page.app.ask(dialog)
        if not dialog.given:
            raise UsageError("The secret was not taken, so it is not delivered.", "S shows it.")
        return f"taken by {', '.join(dialog.given)}"

    return hand


async def show_again(page: "RotationPage") -> None:
    """The dialog of the secret, as long as it is in memory."""
    _, workspace = _open(page)
    rotations = workspace.rotations
    hand = _to_dialog(page, workspace)
    await page.attempt("Showing the secret.", lambda: rotations.deliver("shown here", hand))


async def _by_adapter(page: "RotationPage") -> None:
    """The IdP's adapter writes it; what it read back counts as installed."""
    rotations, workspace = _open(page)
    idp, rotation = workspace.idp, page.rotation
    if idp is None or rotation is None:
        return
    results: list[InstallResult] = []
    names = Names(
        profile=workspace.profile.name,
        rotation_id=rotation.id,
        token_id=rotation.label,
        old_token_id=rotation.old.id,
    )

    async def hand(secret: "SecretStr") -> str:
        results.append(await idp.install(page.endpoint(), secret, names))
        return results[-1].words or "written"

    if not await page.attempt(
        f"Giving it to {idp.title}.", lambda: rotations.deliver(idp.title, hand)
    ):
        return
    if results and results[-1].verified is not Verified.NOT:
        await page.attempt("Noting that it is there.", lambda: rotations.installed(KnownBy.API))
        if idp.capabilities.test:
            await idp_test(page)


async def installed(page: "RotationPage") -> None:
    """A person says that the IdP has it; then its test."""
    rotations, _ = _open(page)
    if await page.attempt(
        "Noting that it is installed.", lambda: rotations.installed(KnownBy.WORD)
    ):
        await idp_test(page)


async def idp_test(page: "RotationPage") -> None:
    """What the IdP's own test says: asked for by us, or told by a person."""
    rotations, workspace = _open(page)
    if page.rotation is None:
        return
    if page.rotation.state is State.DELIVERED:
        page.say("Say first that it is installed: Enter.", "warn")
        return
    idp = workspace.idp
    if idp is not None and idp.capabilities.test:
        try:
            said = await idp.test()
        except ScimTuiError as error:
            changes.tell_failure(page, error)
            return
        result, by, detail = _VERDICTS[said.verdict], KnownBy.API, said.message
    else:
        chosen = await page.app.ask(_test_choice(page))
        if not chosen:
            return
        result, by, detail = TestResult(chosen), KnownBy.WORD, ""
    if await page.attempt("Noting it.", lambda: rotations.idp_test(result, by, detail)):
        page.say(*_test_words(result, by))


def _test_words(result: TestResult, by: KnownBy) -> tuple[str, str]:
    how = "" if by is KnownBy.API else ", by your word"
    if result is TestResult.PASSED:
        return f"The IdP's own test passed{how}: E2. Now its requests are watched for.", "good"
    if result is TestResult.FAILED:
        return f"The IdP's own test failed{how}. Look at endpoint and secret; T tries again.", "bad"
    return "The IdP's test was left out. Now its requests are watched for.", "warn"


def _test_choice(page: "RotationPage") -> Choice:
    columns = (Column("IT SAID", 30, 1), Column("WHAT IT COUNTS", 20, 1))
    rows = [
        (str(TestResult.PASSED), (Span("it passed"), Span("E2, by your word", "good"))),
        (str(TestResult.FAILED), (Span("it failed"), Span("back to the install", "bad"))),
        (str(TestResult.SKIPPED), (Span("not run"), Span("allowed, but weaker", "warn"))),
    ]
    return Choice("What did the IdP's own test say?", columns, rows)


async def trigger(page: "RotationPage") -> None:
    """Make the IdP send something, or say how a person does."""
    _, workspace = _open(page)
    idp = workspace.idp
    if idp is None or not idp.capabilities.trigger:
        how = idp.guide.speaks[0].text if idp and idp.guide.speaks else "change a test user there"
        await rotation_test_user.pick(page, how)
        return
    page.say(f"Asking {idp.title} to send something.", "dim", passing=True)
    try:
        told = await idp.trigger()
    except ScimTuiError as error:
        changes.tell_failure(page, error)
        return
    await page.attempt("Looking.", workspace.rotations.look)
    page.say(told.message)


async def arm(page: "RotationPage") -> bool:
    """Swap: what takes the secret has to stand ready before the old token ends."""
    rotations, _ = _open(page)
    rotation, found = page.rotation, page.ways()
    ready = [number for number, way in enumerate(found) if not way.off]
    chosen = await page.app.ask(_way_choice(found, ready))
    if rotation is None or not chosen:
        page.say("Nothing was made; the old token works as before.", "dim")
        return False
    page.way = int(chosen)
    title = found[page.way].title
    ends = not old_may_miss(rotation)
    if ends and not await page.app.ask(rotation_asking.swap(page, rotation, title)):
        page.say("Nothing was made; the old token works as before.", "dim")
        return False
    if not await page.attempt(f"{title} stands ready.", lambda: rotations.arm(title)):
        return False
    return await page.attempt("Asking for a new token.", lambda: rotations.create(DELETE_WORD))


def _way_choice(found: "Sequence[Way]", ready: "Sequence[int]") -> Choice:
    columns = (Column("WAY", 30, 1), Column("LEAVES A COPY IN", 24, 1))
    rows = [
        (str(number), (Span(found[number].title), Span(found[number].leaves, "dim")))
        for number in ready
    ]
    return Choice("One token only: where will the new secret go?", columns, rows)


def _open(page: "RotationPage") -> "tuple[Rotations, Workspace]":
    workspace = page.session.opened()
    return workspace.rotations, workspace
