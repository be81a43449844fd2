"""The form for a new profile: each field is checked while it is typed; Escape keeps a draft."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable

from pydantic import SecretStr
from textual import events, on, work
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input

from scim_tui.config import profile_form as drafts
from scim_tui.config.add_profile import add_profile, proposed
from scim_tui.config.default import ONLY, default_in_file
from scim_tui.config.field_errors import Remark, remark
from scim_tui.config.profile_form import Field
from scim_tui.config.profiles import Profile
from scim_tui.model.checkup import Finding
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.drawing.text import Line, fit, line, wrap
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.modals.question import ConfirmDialog
from scim_tui.tui.profiles import messages
from scim_tui.tui.profiles.checkup_dialog import CheckDialog
from scim_tui.tui.widgets.lines import Lines
from scim_tui.tui.widgets.pick import Pick
from scim_tui.tui.widgets.secret_field import SecretField
from scim_tui.tui.widgets.text_field import TextField

Check = Callable[[Profile], AsyncIterator[Finding]]

LABEL = 17
_DONE = "done"


class ProfileForm(Dialog[str]):
    """Answers the name of the profile that was saved, or None."""

    KEYS = (("Up Down", "fields"), ("Left Right", "choose"), ("Enter", "next"), ("Esc", "cancel"))
    BINDINGS = [
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False, priority=True),
        Binding("enter", "enter", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ProfileForm #fields { height: 1fr; scrollbar-size: 0 0; }
    ProfileForm .field { height: 1; }
    ProfileForm .field Input, ProfileForm .field Pick { width: 1fr; }
    """

    def __init__(self, taken: Collection[str], check: Check, typed: drafts.Typed = {}) -> None:  # noqa: B006 - read only
        super().__init__(classes="-tall")
        self._taken = taken
        self._check = check
        self._draft = dict(typed)
        self._inputs: dict[str, Input | Pick] = {}
        self._labels: dict[str, Lines] = {}
        self._failed: Remark | None = None
        """Why the newest try to save failed; shown until a field is changed."""
        self._tried = False
        """Whether empty fields are marked as well."""
        self.note = ""
        """Whether the saved profile is the default now, as a sentence."""
        self.left: drafts.Typed = {}
        """The fields of a form that was left without saving, without the secret."""

    def body(self) -> Iterable[Widget]:
        """Title, fields, help for the focused field, and the command that does the same."""
        yield Lines([line((messages.ADD_TITLE, "title"), (messages.ADD_NOTE, "dim"))], id="head")
        with VerticalScroll(id="fields", can_focus=False):
            for field in drafts.all_fields():
                self._inputs[field.id], self._labels[field.id] = self._widget(field), Lines()
                with Horizontal(classes="field"):
                    yield self._labels[field.id]
                    yield self._inputs[field.id]
            with Horizontal(classes="field"):
                yield Pick((messages.TEST_AND_SAVE,), id=_DONE)
        yield Lines(id="said")
        yield Lines(id="command")

    def _widget(self, field: Field) -> Input | Pick:
        value = self._draft.get(field.id, "")
        if field.choices:
            return Pick(field.choices, drafts.chosen(self._draft, field.id), id=field.id)
        if field.hidden:
            return SecretField(id=field.id)
        made = TextField(value, compact=True, select_on_focus=False, id=field.id)
        made.cursor_blink = False
        return made

    def on_mount(self) -> None:
        """Type at once."""
        self._draw()
        self._inputs["name"].focus()

    def action_cancel(self) -> None:
        """Leave; everything but the secret is kept for the next time."""
        self.left = {key: text for key, text in self._close().items() if key != "secret"}
        self.dismiss(None)

    def _close(self) -> dict[str, str]:
        """What was typed; the field of the secret is emptied."""
        typed = self.typed
        self.query_one(SecretField).value = ""
        return typed

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, including the secret."""
        return {key: widget.value for key, widget in self._inputs.items()}

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the help for the new width. Textual also calls the handler of the base class."""
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    @on(Pick.Changed)
    def _changed(self) -> None:
        self._failed = None
        self._draw()

    def on_descendant_focus(self) -> None:
        """Show the help of the focused field, and scroll to it."""
        self._draw_remarks()
        self.call_after_refresh(self._scroll_to_focused)

    def _scroll_to_focused(self) -> None:
        """Scroll after the redraw: before it, Textual knows the old position only."""
        if self.focused is not None:
            self.focused.scroll_visible(animate=False, immediate=True)

    def _draw(self) -> None:
        typed = self.typed
        shown = {each.id: each for each in drafts.fields(typed)}
        for key, widget in self._inputs.items():
            if widget.parent is not None:
                widget.parent.display = key in shown
        for field in shown.values():
            widget = self._inputs[field.id]
            if isinstance(widget, Input):
                # A hint that is too long would be broken, and only its first word seen.
                widget.placeholder = fit(_hint(typed, field), self.cells - LABEL - 2).rstrip()
        self._draw_remarks()

    def _draw_remarks(self) -> None:
        """Draw the marks beside the fields, and the help of the focused one."""
        typed, at = self.typed, self._at
        self.query_one("#said", Lines).show(_lines("dim", messages.ENTER_TESTS, self.cells))
        for field in drafts.fields(typed):
            found = remark(typed, field, self._taken)
            shown = found if self._tried or typed.get(field.id) else None
            bad = shown is not None and shown.stops
            role = "bad" if bad else "" if field.id == at else "dim"
            label = f"{'!' if bad else ' '}{fit(field.label, LABEL)}"
            self._labels[field.id].show((line((label, role)),))
            if field.id == at:
                self._say(shown, field.meaning)
        if self._failed is not None:
            self._say(self._failed, "")
        self.query_one("#command", Lines).show(self._same(drafts.command(typed)))

    def _say(self, found: Remark | None, meaning: str) -> None:
        role = "dim" if found is None else "bad" if found.stops else "warn"
        words = meaning if found is None else found.words
        self.query_one("#said", Lines).show(_lines(role, words, self.cells))

    def _same(self, command: str) -> list[Line]:
        """The command that does the same, cut to two lines; the connection test shows all of it."""
        first, *rest = wrap(command, self.cells)
        more = fit(" ".join(rest), self.cells)
        return [line((row, "dim")) for row in (first, more)]

    @property
    def _at(self) -> str:
        focused = self.focused
        return str(focused.id) if focused is not None else ""

    def action_enter(self) -> None:
        """Go to the next field; on the last line, test and save."""
        if self._at == _DONE:
            self._finish()
        else:
            self.focus_next()

    def _wrong(self) -> Field | None:
        """The first field that keeps the profile from being saved."""
        typed = self.typed
        for field in drafts.fields(typed):
            found = remark(typed, field, self._taken)
            if found is not None and found.stops:
                return field
        return None

    @work(exclusive=True, group="form", description="test a profile")
    async def _finish(self) -> None:
        self._tried = True
        if (wrong := self._wrong()) is not None:
            self._inputs[wrong.id].focus()
            self._draw_remarks()
            return
        name, values, secret = self.typed["name"].strip(), drafts.values(self.typed), self._secret()
        try:
            profile = proposed(name, values, secret)
            same, default = drafts.command(self.typed), default_in_file()
            then = messages.SAVE_AS_DEFAULT if default is None else messages.SAVE
            dialog = CheckDialog(messages.testing(name), self._check(profile), then, same)
            if await self.app.push_screen_wait(dialog):
                is_default = default is None or await self._is_wanted(name, default)
                add_profile(name, values, secret, default=is_default)
                self.note = _note(name, default, is_default=is_default)
                self._close()
                self.dismiss(name)
        except ScimTuiError as error:
            self._fail(error)

    async def _is_wanted(self, name: str, default: str) -> bool:
        """Ask whether the profile becomes the default; anything but y is no."""
        words = messages.opens_by_default(default, name)
        rows = [line(row) for row in wrap(words, self.cells)]
        question = ConfirmDialog(messages.make_default(name, default), rows, "yes")
        answer = await self.app.push_screen_wait(question)
        return answer is True

    def _secret(self) -> SecretStr | None:
        from pydantic import SecretStr

        shown = {each.id for each in drafts.fields(self.typed)}
        return SecretStr(self.typed["secret"].strip()) if "secret" in shown else None

    def _fail(self, error: ScimTuiError) -> None:
        self._failed = Remark(error.sentence)
        self._draw_remarks()


def _note(name: str, before: str | None, *, is_default: bool) -> str:
    if before is None:
        return ONLY.format(name=name)
    if is_default:
        return messages.is_default(name, before)
    return messages.is_saved(name, before)


def _hint(typed: drafts.Typed, field: Field) -> str:
    """The default that an empty field stands for, or an example."""
    if field.id == "place" and (usual := drafts.place_of({**typed, "place": ""}, field)):
        return usual
    return f"such as {field.example}" if field.example else ""


def _lines(role: str, words: str, cells: int) -> list[Line]:
    return [line((row, role)) for row in wrap(words, cells)][:2]
