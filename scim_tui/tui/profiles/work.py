"""Switch, add, test and edit profiles, with their dialogs."""

from dataclasses import replace
from typing import Protocol

from scim_tui.config.profiles import Profile
from scim_tui.core.workspace import Workspace
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.modals.dialog import WIDTH
from scim_tui.tui.profiles.switcher import ProfilesDialog
from scim_tui.tui.session.host import ShellHost

_ADD = "a profile"
_BEGINNINGS = (
    (_ADD, "the endpoint and token of a directory, in a form"),
    ("this machine", "a service of your own, to try an IdP against"),
    ("the demo", "leave with q, then: scim-tui demo"),
)


class ProfileHost(ShellHost, Protocol):
    """The app, as far as switching and adding profiles needs it."""

    profiles: list[Profile]
    draft: dict[str, str]
    """A profile that was begun and not saved; never its secret."""

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
    if await may_leave(app, f"Leave {app.session.name} for {profile.name}?"):
        app.open_profile(replace(profile, read_only=read_only or profile.read_only))


async def add(app: ProfileHost) -> tuple[str | None, str]:
    """Show the form of a new profile; returns its name once saved, and a sentence about it."""
    from scim_tui.tui.profiles.form import ProfileForm
    from scim_tui.tui.session.opening import look

    form = ProfileForm({profile.name for profile in app.profiles}, look, app.draft)
    made = await app.ask(form)
    app.draft = dict(form.left)
    if made is not None:
        try:
            read_again(app)
        except ScimTuiError as error:
            await _show_error(app, "Saved, but the config file cannot be read now", error)
            return None, ""
    return made, form.note


async def welcome(app: ProfileHost) -> bool:
    """Offer ways to begin at the first start; returns whether a profile was opened."""
    from scim_tui.tui.drawing.text import Span
    from scim_tui.tui.modals.choice import Choice
    from scim_tui.tui.widgets.table import Column

    rows = [(key, (Span(key), Span(words, "dim"))) for key, words in _BEGINNINGS]
    columns = (Column("BEGIN WITH", 12), Column("WHAT IT IS", 20, 1))
    while await app.ask(Choice("Welcome. No connection is configured yet.", columns, rows)) == _ADD:
        made, note = await add(app)
        if made is not None:
            app.open_profile(_named(app, made))
            app.session.notice = note
            return True
    return False


async def test(app: ProfileHost, profile: Profile) -> None:
    """Test the connection of a profile, and show each stage."""
    from scim_tui.tui.profiles.checkup_dialog import CheckDialog
    from scim_tui.tui.session.opening import look

    if profile.name == app.session.name and app.session.workspace is not None:
        await diagnose(app)
        return
    same = f"scim-tui profiles test {profile.name}"
    await app.ask(CheckDialog(f"Testing {profile.label}", look(profile), command=same))


async def diagnose(app: ProfileHost) -> None:
    """Test the connection of this session stage by stage, open or not."""
    from scim_tui.tui.profiles.checkup_dialog import CheckDialog
    from scim_tui.tui.session.opening import look_again

    name, space = app.session.name, app.session.workspace
    if space is not None:
        await app.ask(CheckDialog(f"Testing {name}", look_again(space), command=_doctor(space)))
    elif profile := next((each for each in app.profiles if each.name == name), None):
        await test(app, profile)


def _doctor(space: Workspace) -> str:
    """The command that does the same; empty for a demo, which no command can open."""
    of_a_demo = space.profile.provider == "demo"
    return "" if of_a_demo else f"scim-tui profiles test {space.profile.name}"


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
        await _show_error(app, "The config file is as it was", error)


async def _show_error(app: ProfileHost, title: str, error: ScimTuiError) -> None:
    from scim_tui.tui.drawing.text import line, wrap
    from scim_tui.tui.modals.question import MessageDialog

    cells = min(app.size.width, WIDTH) - 6
    words = [*wrap(error.message, cells), "", *wrap(error.hint, cells)]
    await app.ask(MessageDialog(title, [line(row) for row in words]))
