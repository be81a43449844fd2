"""Switch, add, test and edit profiles, with their dialogs."""

from dataclasses import replace
from typing import Protocol

from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.modals.dialog import WIDTH
from scim_tui.tui.profiles import messages
from scim_tui.tui.profiles.switcher import ProfilesDialog
from scim_tui.tui.session.host import ShellHost


class ProfileHost(ShellHost, Protocol):
    """The app, as far as switching and adding profiles needs it."""

    profiles: list[Profile]
    draft: dict[str, str]
    """The fields of a profile that was typed and not saved, without the secret."""

    def open_profile(self, profile: Profile) -> None:
        """Leave the session for one on this profile."""
        ...


async def choose(app: ProfileHost) -> None:
    """Show the list of profiles until one is opened or the list is closed."""
    from scim_tui.config.paths import config_file

    at, note = app.session.name, ""
    while True:
        dialog = ProfilesDialog(app.profiles, at, app.clock(), str(config_file()), note)
        note = ""
        name = await app.ask(dialog)
        if name is None:
            return
        match dialog.act:
            case "add":
                made, note = await add(app)
                at = made or name
            case "test":
                at = name
                await test(app, _named(app, name))
            case "edit":
                at = name
                await edit(app)
            case _:
                await _switch(app, _named(app, name), read_only=dialog.act == "read_only")
                return


def _named(app: ProfileHost, name: str) -> Profile:
    return next(profile for profile in app.profiles if profile.name == name)


async def _switch(app: ProfileHost, profile: Profile, *, read_only: bool) -> None:
    from scim_tui.tui.shell.leaving import may_leave

    if profile.name == app.session.name and read_only == app.session.read_only:
        return
    if await may_leave(app, messages.leave_for(app.session.name, profile.name)):
        app.open_profile(replace(profile, read_only=read_only or profile.read_only))


async def add(app: ProfileHost) -> tuple[str | None, str]:
    """Show the form of a new profile; returns its name once saved, and a sentence about it."""
    from scim_tui.tui.profiles.form import ProfileForm
    from scim_tui.tui.session.opening import check_profile

    form = ProfileForm({profile.name for profile in app.profiles}, check_profile, app.draft)
    made = await app.ask(form)
    app.draft = dict(form.left)
    if made is not None:
        try:
            read_again(app)
        except ScimTuiError as error:
            await _show_error(app, messages.SAVED_UNREADABLE, error)
            return None, ""
    return made, form.note


async def welcome(app: ProfileHost) -> bool:
    """Offer ways to begin at the first start; returns whether a profile was opened."""
    from scim_tui.tui.drawing.text import Span
    from scim_tui.tui.modals.choice import Choice
    from scim_tui.tui.widgets.table import Column

    rows = [(key, (Span(key), Span(words, "dim"))) for key, words in messages.BEGINNINGS]
    columns = (Column("BEGIN WITH", 12), Column("WHAT IT IS", 20, 1))
    while await app.ask(Choice(messages.WELCOME, columns, rows)) == messages.ADD:
        made, note = await add(app)
        if made is not None:
            app.open_profile(_named(app, made))
            app.session.notice = note
            return True
    return False


async def test(app: ProfileHost, profile: Profile) -> None:
    """Test the connection of a profile, and show each stage."""
    from scim_tui.tui.profiles.checkup_dialog import CheckDialog
    from scim_tui.tui.session.opening import check_profile

    if profile.name == app.session.name and app.session.workspace is not None:
        await diagnose(app)
        return
    same = messages.test_command(profile.name)
    await app.ask(
        CheckDialog(messages.testing(profile.label), check_profile(profile), command=same)
    )


async def diagnose(app: ProfileHost) -> None:
    """Test the connection of this session stage by stage, open or not."""
    from scim_tui.tui.profiles.checkup_dialog import CheckDialog
    from scim_tui.tui.session.opening import check_open_profile

    name, space = app.session.name, app.session.workspace
    if space is not None:
        await app.ask(
            CheckDialog(
                messages.testing(name), check_open_profile(space), command=_test_command(space)
            )
        )
    elif profile := next((each for each in app.profiles if each.name == name), None):
        await test(app, profile)


def _test_command(space: Workspace) -> str:
    """The command that does the same; empty for a demo, as it exists in this process only."""
    of_a_demo = space.profile.provider == "demo"
    return "" if of_a_demo else messages.test_command(space.profile.name)


def read_again(app: ProfileHost) -> None:
    """Read the profiles from the file again; a demo, which is not in it, stays.

    Raises `UsageError`.
    """
    from scim_tui.config.profiles import load_profiles

    kept = [profile for profile in app.profiles if profile.provider == "demo"]
    app.profiles = [*kept, *load_profiles().by_name.values()]


async def edit(app: ProfileHost) -> None:
    """Open the config file in the editor, and read the profiles again."""
    from scim_tui.tui.profiles.file import edited

    try:
        await edited(app)
        read_again(app)
    except ScimTuiError as error:
        await _show_error(app, messages.FILE_UNCHANGED, error)


async def _show_error(app: ProfileHost, title: str, error: ScimTuiError) -> None:
    from scim_tui.tui.drawing.text import line, wrap
    from scim_tui.tui.modals.question import MessageDialog

    cells = min(app.size.width, WIDTH) - 6
    words = [*wrap(error.message, cells), "", *wrap(error.hint, cells)]
    await app.ask(MessageDialog(title, [line(row) for row in words]))
