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
from scim_tui.tui.rotation import asking, messages, test_user
from scim_tui.tui.rotation.ways import DeliveryWay
from scim_tui.tui.rotation.wizard import Wizard
from scim_tui.tui.widgets.table import Column


async def deliver(wizard: Wizard) -> None:
    """Hand the secret over by the chosen way."""
    _open(wizard)
    ways = wizard.ways()
    way = ways[wizard.way_number(ways)]
    if way.off:
        wizard.say(messages.not_possible(way.title, way.off), "warn")
        return
    if way.id == "idp":
        await _by_adapter(wizard)
        return
    await _by_hand(wizard, way)


async def _by_hand(wizard: Wizard, way: DeliveryWay) -> None:
    hand, name = await _hand(wizard, way)
    if hand is None:
        wizard.say(messages.NOTHING_HANDED_OVER, "dim")
        return
    rotations, _ = _open(wizard)
    if await wizard.attempt(messages.HANDING_OVER, lambda: rotations.deliver(name, hand)):
        last = (
            wizard.rotation.receipts[-1] if wizard.rotation and wizard.rotation.receipts else None
        )
        wizard.say(messages.handed_over(last.outcome if last else "not known", name), "good")


async def _hand(wizard: Wizard, way: DeliveryWay) -> tuple[HandOver | None, str]:
    """The function that takes the secret, and the name of the way for the receipt."""
    _, workspace = _open(wizard)
    if way.id == "clipboard":
        return _to_clipboard(wizard), "clipboard"
    if way.id == "store":
        return _to_store(workspace), way.title
    if way.id == "file":
        label = wizard.rotation.label if wizard.rotation else "new"
        start = workspace.facts.get("idp_token_file") or f"~/{label}.secret"
        words = (messages.SAVE_HELP,)
        path = await wizard.ask(Prompt(messages.SAVE_TITLE, words, start))
        return (_to_file(workspace, path), f"file {path}") if path else (None, "")
    return _to_dialog(wizard, workspace), "shown here"


async def by_hand(wizard: Wizard) -> None:
    """Guided strategy: a person gave the secret to the IdP without this program."""
    rotations, _ = _open(wizard)

    async def nothing(secret: SecretStr) -> str:
        return "by your word"

    await wizard.attempt(messages.NOTING, lambda: rotations.deliver("by hand", nothing))


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
            raise UsageError(messages.NOT_TAKEN, messages.SHOW_AGAIN)
        return f"taken by {', '.join(dialog.handed_over)}"

    return hand


async def show_again(wizard: Wizard) -> None:
    """The dialog of the secret, as long as it is in memory."""
    _, workspace = _open(wizard)
    rotations = workspace.rotations
    hand = _to_dialog(wizard, workspace)
    await wizard.attempt(messages.SHOWING, lambda: rotations.deliver("shown here", hand))


async def _by_adapter(wizard: Wizard) -> None:
    """The IdP's adapter writes the secret; if it read it back, it counts as installed."""
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
        messages.giving_to(idp.title), lambda: rotations.deliver(idp.title, hand)
    ):
        return
    if results and results[-1].verified is not Verified.NOT:
        await wizard.attempt(messages.NOTING_THERE, lambda: rotations.installed(KnownBy.API))
        if idp.capabilities.test:
            await idp_test(wizard)


async def installed(wizard: Wizard) -> None:
    """A person confirms that the secret is installed; then the IdP's own test follows."""
    rotations, _ = _open(wizard)
    if await wizard.attempt(messages.NOTING_INSTALLED, lambda: rotations.installed(KnownBy.WORD)):
        await idp_test(wizard)


async def idp_test(wizard: Wizard) -> None:
    """The result of the IdP's own test: from its API where it has one, else from a person."""
    rotations, workspace = _open(wizard)
    if wizard.rotation is None:
        return
    if wizard.rotation.state is State.DELIVERED:
        wizard.say(messages.SAY_INSTALLED, "warn")
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
    if await wizard.attempt(messages.NOTING, lambda: rotations.idp_test(result, by, detail)):
        wizard.say(*_test_words(result, by))


def _test_words(result: TestResult, by: KnownBy) -> tuple[str, str]:
    how = "" if by is KnownBy.API else messages.BY_YOUR_WORD
    if result is TestResult.PASSED:
        return messages.test_passed(how), "good"
    if result is TestResult.FAILED:
        return messages.test_failed(how), "bad"
    return messages.TEST_LEFT_OUT, "warn"


def _test_choice() -> Choice:
    columns = (Column("IT SAID", 30, 1), Column("WHAT IT COUNTS", 20, 1))
    rows = [
        (str(TestResult.PASSED), (Span("it passed"), Span(messages.PASSED_COUNTS, "good"))),
        (str(TestResult.FAILED), (Span("it failed"), Span(messages.FAILED_COUNTS, "bad"))),
        (str(TestResult.SKIPPED), (Span("not run"), Span("allowed, but weaker", "warn"))),
    ]
    return Choice(messages.WHAT_TEST_SAID, columns, rows)


async def trigger(wizard: Wizard) -> None:
    """Trigger a request of the IdP, or say how a person does that."""
    _, workspace = _open(wizard)
    idp = workspace.idp
    if idp is None or not idp.capabilities.trigger:
        how = idp.guide.speaks[0].text if idp and idp.guide.speaks else messages.CHANGE_TEST_USER
        await test_user.pick(wizard, how)
        return
    wizard.say(messages.asking_to_send(idp.title), "dim", passing=True)
    try:
        answer = await idp.trigger()
    except ScimTuiError as error:
        wizard.fail(error)
        return
    await wizard.attempt(messages.LOOKING, workspace.rotations.look)
    wizard.say(answer.message)


async def create_by_swap(wizard: Wizard) -> None:
    """Swap: choose where the secret goes, then make the new token, which ends the old one."""
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
        messages.stands_ready(title), lambda: rotations.arm(title)
    ):
        return
    await wizard.attempt(messages.ASKING_NEW, lambda: rotations.create(typed))


def _not_made(rotation: Rotation | None) -> str:
    if rotation is not None and old_may_miss(rotation):
        return messages.NOTHING_MADE_OLD_ENDED
    return messages.NOTHING_MADE


def _way_choice(found: Sequence[DeliveryWay], ready: Sequence[int]) -> Choice:
    columns = (Column("WAY", 30, 1), Column(messages.LEAVES_COPY, 24, 1))
    rows = [
        (str(number), (Span(found[number].title), Span(found[number].leaves, "dim")))
        for number in ready
    ]
    return Choice(messages.WHERE_TO, columns, rows)


def _open(wizard: Wizard) -> tuple[Rotations, Workspace]:
    workspace = wizard.opened()
    return workspace.rotations, workspace
