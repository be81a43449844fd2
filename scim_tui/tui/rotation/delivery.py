"""Steps 3 to 5 of the wizard: the secret is handed over, installed and tested."""

from collections.abc import Sequence

from pydantic import SecretStr

from scim_tui.core.rotation.api import HandOver, Rotations
from scim_tui.core.rotation.idp_test import RESULT_OF
from scim_tui.core.workspace import Workspace
from scim_tui.idps.port import InstallContext, InstallResult, Verified
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.provisioning import AccessToken, NewToken
from scim_tui.model.rotation.guards import old_may_miss
from scim_tui.model.rotation.rotation import KnownBy, Rotation, State, TestResult
from scim_tui.tui.drawing.text import Span
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.secret import SecretDialog
from scim_tui.tui.rotation import asking, test_user
from scim_tui.tui.rotation.ways import DeliveryWay
from scim_tui.tui.rotation.wizard import Wizard
from scim_tui.tui.widgets.table import Column


async def deliver(wizard: Wizard) -> None:
    """Hand the secret over by the chosen way."""
    _open(wizard)
    ways = wizard.ways()
    way = ways[wizard.way_number(ways)]
    if way.off:
        wizard.say(f"{way.title} is not possible here: {way.off}", "warn")
        return
    if way.id == "idp":
        await _by_adapter(wizard)
        return
    await _by_hand(wizard, way)


async def _by_hand(wizard: Wizard, way: DeliveryWay) -> None:
    hand, name = await _hand(wizard, way)
    if hand is None:
        wizard.say("Nothing was handed over.", "dim")
        return
    rotations, _ = _open(wizard)
    if await wizard.attempt("Handing the secret over.", lambda: rotations.deliver(name, hand)):
        last = (
            wizard.rotation.receipts[-1] if wizard.rotation and wizard.rotation.receipts else None
        )
        wizard.say(f"Handed over ({last.outcome if last else 'not known'}): {name}", "good")


async def _hand(wizard: Wizard, way: DeliveryWay) -> tuple[HandOver | None, str]:
    """What takes the secret, and its name for the receipt."""
    _, workspace = _open(wizard)
    if way.id == "clipboard":
        return _to_clipboard(wizard), "clipboard"
    if way.id == "store":
        return _to_store(workspace), way.title
    if way.id == "file":
        label = wizard.rotation.label if wizard.rotation else "new"
        start = workspace.facts.get("idp_token_file") or f"~/{label}.secret"
        words = ("A new file, readable by its owner only (0600). An existing one is not touched.",)
        path = await wizard.ask(Prompt("Save the secret", words, start))
        return (_to_file(workspace, path), f"file {path}") if path else (None, "")
    return _to_dialog(wizard, workspace), "shown here"


async def by_hand(wizard: Wizard) -> None:
    """Guided: a person gave the text to the IdP without this program."""
    rotations, _ = _open(wizard)

    async def nothing(secret: SecretStr) -> str:
        return "by your word"

    await wizard.attempt("Noting it.", lambda: rotations.deliver("by hand", nothing))


def _to_clipboard(wizard: Wizard) -> HandOver:
    async def hand(secret: SecretStr) -> str:
        return await wizard.screen.copy(secret.get_secret_value())

    return hand


def _to_store(workspace: Workspace) -> HandOver:
    async def hand(secret: SecretStr) -> str:
        from scim_tui.config.store_secret import store_secret

        return await store_secret(workspace.profile, secret)

    return hand


def _to_file(workspace: Workspace, path: str) -> HandOver:
    async def hand(secret: SecretStr) -> str:
        await workspace.tokens.save_secret(secret, path)
        return "written, 0600"

    return hand


def _to_dialog(wizard: Wizard, workspace: Workspace) -> HandOver:
    async def hand(secret: SecretStr) -> str:
        label = wizard.rotation.label if wizard.rotation else ""
        dialog = SecretDialog(
            NewToken(token=AccessToken(id=label), secret=secret),
            wizard.endpoint(),
            workspace.tokens.save_secret,
            f"~/{label}.secret",
        )
        await wizard.ask(dialog)
        if not dialog.handed_over:
            raise UsageError("The secret was not taken, so it is not delivered.", "S shows it.")
        return f"taken by {', '.join(dialog.handed_over)}"

    return hand


async def show_again(wizard: Wizard) -> None:
    """The dialog of the secret, as long as it is in memory."""
    _, workspace = _open(wizard)
    rotations = workspace.rotations
    hand = _to_dialog(wizard, workspace)
    await wizard.attempt("Showing the secret.", lambda: rotations.deliver("shown here", hand))


async def _by_adapter(wizard: Wizard) -> None:
    """The IdP's adapter writes it; what it read back counts as installed."""
    rotations, workspace = _open(wizard)
    idp, rotation = workspace.idp, wizard.rotation
    if idp is None or rotation is None:
        return
    results: list[InstallResult] = []
    names = InstallContext(
        profile=workspace.profile.name,
        rotation_id=rotation.id,
        token_id=rotation.label,
        old_token_id=rotation.old.id,
    )

    async def hand(secret: SecretStr) -> str:
        results.append(await idp.install(wizard.endpoint(), secret, names))
        return results[-1].words or "written"

    if not await wizard.attempt(
        f"Giving it to {idp.title}.", lambda: rotations.deliver(idp.title, hand)
    ):
        return
    if results and results[-1].verified is not Verified.NOT:
        await wizard.attempt("Noting that it is there.", lambda: rotations.installed(KnownBy.API))
        if idp.capabilities.test:
            await idp_test(wizard)


async def installed(wizard: Wizard) -> None:
    """A person says that the IdP has it; then its test."""
    rotations, _ = _open(wizard)
    if await wizard.attempt(
        "Noting that it is installed.", lambda: rotations.installed(KnownBy.WORD)
    ):
        await idp_test(wizard)


async def idp_test(wizard: Wizard) -> None:
    """What the IdP's own test says: asked for by us, or said by a person."""
    rotations, workspace = _open(wizard)
    if wizard.rotation is None:
        return
    if wizard.rotation.state is State.DELIVERED:
        wizard.say("Say first that it is installed: Enter.", "warn")
        return
    idp = workspace.idp
    if idp is not None and idp.capabilities.test:
        try:
            said = await idp.test()
        except ScimTuiError as error:
            wizard.fail(error)
            return
        result, by, detail = RESULT_OF[said.verdict], KnownBy.API, said.message
    else:
        chosen = await wizard.ask(_test_choice())
        if not chosen:
            return
        result, by, detail = TestResult(chosen), KnownBy.WORD, ""
    if await wizard.attempt("Noting it.", lambda: rotations.idp_test(result, by, detail)):
        wizard.say(*_test_words(result, by))


def _test_words(result: TestResult, by: KnownBy) -> tuple[str, str]:
    how = "" if by is KnownBy.API else ", by your word"
    if result is TestResult.PASSED:
        return f"The IdP's own test passed{how}: E2. Now its requests are watched for.", "good"
    if result is TestResult.FAILED:
        return f"The IdP's own test failed{how}. Look at endpoint and secret; T tries again.", "bad"
    return "The IdP's test was left out. Now its requests are watched for.", "warn"


def _test_choice() -> Choice:
    columns = (Column("IT SAID", 30, 1), Column("WHAT IT COUNTS", 20, 1))
    rows = [
        (str(TestResult.PASSED), (Span("it passed"), Span("E2, by your word", "good"))),
        (str(TestResult.FAILED), (Span("it failed"), Span("back to the install", "bad"))),
        (str(TestResult.SKIPPED), (Span("not run"), Span("allowed, but weaker", "warn"))),
    ]
    return Choice("What did the IdP's own test say?", columns, rows)


async def trigger(wizard: Wizard) -> None:
    """Trigger a request of the IdP, or say how a person does that."""
    _, workspace = _open(wizard)
    idp = workspace.idp
    if idp is None or not idp.capabilities.trigger:
        how = idp.guide.speaks[0].text if idp and idp.guide.speaks else "change a test user there"
        await test_user.pick(wizard, how)
        return
    wizard.say(f"Asking {idp.title} to send something.", "dim", passing=True)
    try:
        answer = await idp.trigger()
    except ScimTuiError as error:
        wizard.fail(error)
        return
    await wizard.attempt("Looking.", workspace.rotations.look)
    wizard.say(answer.message)


async def create_by_swap(wizard: Wizard) -> None:
    """Make the only token anew; the way of its secret has to be chosen before the old one ends."""
    rotations, _ = _open(wizard)
    rotation, ways = wizard.rotation, wizard.ways()
    ready = [number for number, way in enumerate(ways) if not way.off]
    chosen = await wizard.ask(_way_choice(ways, ready))
    if rotation is None or not chosen:
        wizard.say(_not_made(rotation), "dim")
        return
    wizard.choose_way(int(chosen))
    title, typed = ways[int(chosen)].title, ""
    if not old_may_miss(rotation):
        typed = await wizard.ask(asking.swap(wizard, rotation, title)) or ""
        if not typed:
            wizard.say(_not_made(rotation), "dim")
            return
    if rotation.state is State.CREATE_INTENT and not await wizard.attempt(
        f"{title} stands ready.", lambda: rotations.arm(title)
    ):
        return
    await wizard.attempt("Asking for a new token.", lambda: rotations.create(typed))


def _not_made(rotation: Rotation | None) -> str:
    if rotation is not None and old_may_miss(rotation):
        return "Nothing was made; the old token has ended, so make one soon."
    return "Nothing was made; the old token works as before."


def _way_choice(found: Sequence[DeliveryWay], ready: Sequence[int]) -> Choice:
    columns = (Column("WAY", 30, 1), Column("LEAVES A COPY IN", 24, 1))
    rows = [
        (str(number), (Span(found[number].title), Span(found[number].leaves, "dim")))
        for number in ready
    ]
    return Choice("One token only: where will the new secret go?", columns, rows)


def _open(wizard: Wizard) -> tuple[Rotations, Workspace]:
    workspace = wizard.opened()
    return workspace.rotations, workspace
