"""The dialogs of the Mapping screen: files, facets, report, what-if, editor and push."""

import os
from collections.abc import Callable
from pathlib import Path

from scim_tui.config.paths import write_new_file
from scim_tui.core.mapping.api import MappingPreview, Totals, preset_names
from scim_tui.mapping.authoring.write import toml_of
from scim_tui.mapping.presets import preset_text
from scim_tui.mapping.read.encoding import known_encoding
from scim_tui.model.errors import ScimTuiError, UsageError
from scim_tui.model.typed_path import at_home
from scim_tui.tui.drawing.completion import grow, grow_path
from scim_tui.tui.drawing.record import sentence_lines
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.mapping import messages
from scim_tui.tui.mapping.facet import Facet
from scim_tui.tui.mapping.files import DIRECTORY, LIVE, PRESET
from scim_tui.tui.mapping.push import push_one
from scim_tui.tui.mapping.rows import CHANGE_ROLES
from scim_tui.tui.mapping.state import MappingState
from scim_tui.tui.mapping.what_if_dialog import WhatIf
from scim_tui.tui.mapping.work import PreviewWork
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.question import MessageDialog
from scim_tui.tui.shell.changes import show_error
from scim_tui.tui.shell.page import Page
from scim_tui.tui.terminal.editor import edit
from scim_tui.tui.widgets.table import Column

_COLUMNS = (Column("COUNT", 8, right=True), Column("SHOW ONLY", 30, 1))


class MappingDialogs:
    """Each method shows a dialog, then changes the state or starts work."""

    def __init__(self, page: Page, state: MappingState, work: PreviewWork) -> None:
        self._page, self._state, self._work = page, state, work

    async def people(self) -> None:
        """Ask for a file of people, or for the users of the directory."""
        words = (messages.people_help(DIRECTORY),)
        check = _word_or(DIRECTORY, file_problem)
        path = await self._page.app.ask(Prompt(messages.PEOPLE_TITLE, words, "", check, grow_path))
        if path:
            files = self._state.with_files(lambda files: None)
            self._work.load(files, note=files.take_people(path.strip()))

    async def encoding(self) -> None:
        """Ask for the encoding of files that are not UTF-8, and read them anew with it."""
        files = self._state.files
        if not self._state.has_people or files.people == DIRECTORY:
            self._page.say(messages.NO_FILE_TO_READ, "warn")
            return
        prompt = Prompt("Encoding", (messages.ENCODING,), files.encoding, _no_encoding)
        name = await self._page.app.ask(prompt)
        if name is not None:
            named = name.strip()
            self._work.load(self._state.with_files(lambda files: files.take_encoding(named)))

    async def groups(self) -> None:
        """Ask for a file of groups, or take those that the people name."""
        words = (messages.GROUPS_HELP,)
        before = self._state.files.dropped_groups
        prompt = Prompt(messages.GROUPS_TITLE, words, before, _word_or("", file_problem), grow_path)
        path = await self._page.app.ask(prompt)
        if path is not None:
            name = path.strip()
            self._state.of_groups = True
            files = self._state.with_files(lambda files: files.take_groups(name))
            self._work.load(files, compare=True)

    async def assigned(self) -> None:
        """Ask for the second file, or the column, that says who is assigned."""
        preview = self._state.preview
        columns = preview.people.columns if preview is not None and preview.people else ()
        words = (messages.ASSIGNED_HELP,)

        def check(text: str) -> str:
            return "" if not text.strip() or text.strip() in columns else file_problem(text)

        before = self._state.files.dropped_scope
        scope = await self._page.app.ask(
            Prompt(messages.ASSIGNED_TITLE, words, before, check, grow_path)
        )
        if scope is not None:
            name = scope.strip()
            files = self._state.with_files(lambda files: files.take_scope(name))
            self._work.load(files, compare=True)

    async def rules(self) -> None:
        """Ask for a file of rules, or for a preset."""
        presets = [f"{PRESET}{name}" for name in preset_names()]
        words = (
            messages.MAPPING_HELP,
            ", ".join(presets),
        )

        def complete(text: str) -> str:
            return grow(text, presets) if PRESET.startswith(text[:7]) and text else grow_path(text)

        def check(text: str) -> str:
            if text.strip().startswith(PRESET):
                return "" if text.strip() in presets else messages.no_preset(text.strip())
            return "" if text.strip().startswith(LIVE) else file_problem(text)

        name = await self._page.app.ask(Prompt(messages.MAPPING_TITLE, words, "", check, complete))
        if name:
            self._use_mapping(name.strip(), "")

    def _use_mapping(self, name: str, then: str) -> None:
        """Check all people with other rules, or with the same file as it is now."""
        files = self._state.with_files(lambda files: files.take_mapping(name))
        self._work.load(files, then=then, compare=True)

    async def notes(self) -> None:
        """Show the notes about people, groups and rules."""
        preview = self._state.preview
        found = preview.notes() if preview is not None else ()
        if not found:
            self._page.say(messages.NO_NOTES, "good")
            return
        cells = self._page.app.size.width - 10
        lines = [row for note in found for row in (*sentence_lines(note, cells, lead=" - "), ())]
        await self._page.app.ask(MessageDialog(messages.NOTES_TITLE, lines))

    async def facets(self) -> None:
        """A menu of the findings and changes there are, with how many people each concerns."""
        state = self._state
        if state.totals is None:
            self._page.say(messages.NOTHING_CHECKED, "warn")
            return
        groups = state.listed_groups
        choices = facet_choices(groups.totals() if groups else state.totals, bool(groups))
        rows = [(str(n), cells) for n, (_, cells) in enumerate(choices)]
        open_one = state.facet._replace(text="")
        current = next((str(n) for n, (facet, _) in enumerate(choices) if facet == open_one), "0")
        chosen = await self._page.app.ask(Choice(messages.SHOW_ONLY, _COLUMNS, rows, current))
        if chosen:
            state.facet = choices[int(chosen)][0]._replace(text=state.facet.text)
            self._work.choose()

    async def report(self) -> None:
        """Ask for a new file, and write the report."""

        async def write(text: str) -> str:
            if _exists(text):
                return messages.exists(text.strip())
            preview = self._state.preview
            assert preview is not None  # the action needs people
            try:
                await preview.report(text.strip())
            except ScimTuiError as error:
                return error.sentence
            return ""

        words = (messages.REPORT_HELP,)
        prompt = Prompt(messages.REPORT_TITLE, words, "mapping.html", write, grow_path)
        path = await self._page.app.ask(prompt)
        if path:
            self._page.say(messages.report_written(path.strip()), "good")

    async def what_if(self, person: int | None) -> None:
        """A form with the columns that the rules use; `person` is the example in it."""
        preview = self._state.preview
        if preview is None or preview.rules is None:
            return
        used = preview.used_columns() if preview.people else []
        example = preview.result(person).person.source if person is not None else {}
        names = used or sorted(preview.rules.fields)
        await self._page.app.ask(WhatIf(names, example, preview.what_if))

    async def edit_mapping(self, person: int | None) -> None:
        """The mapping in the user's editor, at the first rule that fails for the person.

        A preset is copied to a file of the user first.
        """
        preview, files = self._state.preview, self._state.files
        path = files.own_mapping
        if path is None and preview is not None:
            path = await self._own_copy(preview)
        if path is None:
            return
        name = files.mapping if files.own_mapping else str(path)
        try:
            edit(self._page.app, path, self._failing_line(person))
        except ScimTuiError as error:
            show_error(self._page, error)
            return
        self._use_mapping(name, f"{path.name}: ")

    def _failing_line(self, person: int | None) -> int:
        """The line of the first rule whose attribute has a finding; 0: there is none."""
        preview, selection = self._state.preview, self._state.selection
        if person is None or selection is None or preview is None or preview.rules is None:
            return 0
        failing = {finding.path for finding in selection.result(person).findings}
        rules = preview.rules.group_rules if self._state.of_groups else preview.rules.rules
        return next((rule.line for rule in rules if rule.target.path in failing), 0)

    async def _own_copy(self, preview: MappingPreview) -> Path | None:
        """Copy the preset in use, or the schema of Entra ID, into a new file; None: canceled."""
        name = self._state.files.mapping
        live = name.startswith(LIVE)
        preset = "entra-live" if live else name.removeprefix(PRESET)

        def copy(text: str) -> str:
            try:
                whole = toml_of(preview.rules) if live and preview.rules else preset_text(preset)
                write_new_file(text.strip(), whole)
            except ScimTuiError as error:
                return error.sentence
            return ""

        words = (messages.copy_help(name),)
        prompt = Prompt(messages.COPY_TITLE, words, f"{preset}.toml", copy, grow_path)
        path = await self._page.app.ask(prompt)
        return at_home(path.strip()) if path else None

    async def push(self, person: int) -> bool:
        """Provision one person; returns whether anything was sent."""
        preview = self._state.preview
        return preview is not None and await push_one(
            self._page, preview, self._state.files, person
        )


def file_problem(text: str) -> str:
    """What is wrong with a typed path that should lead to a file; empty: nothing."""
    path = at_home(text.strip())
    try:
        if not text.strip():
            return messages.TYPE_PATH
        if not path.exists():
            return messages.no_file(text.strip())
        return "" if path.is_file() else messages.is_no_file(text.strip())
    except (OSError, ValueError) as error:
        return messages.is_no_path(error)


def _no_encoding(text: str) -> str:
    """What is wrong with the name of an encoding; empty: nothing."""
    try:
        known_encoding(text.strip() or "utf-8")
    except UsageError as error:
        return error.sentence
    return ""


def _exists(text: str) -> bool:
    """Whether there is a file, or a link, of this name."""
    return os.path.lexists(at_home(text.strip()))


def _word_or(word: str, check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "" if text.strip() == word else check(text)


def facet_choices(totals: Totals, of_groups: bool) -> list[tuple[Facet, Line]]:
    """All, those refused, each finding, each kind of change; with their counts."""
    choices = [
        (Facet(), _choice(totals.people, messages.EVERY_GROUP if of_groups else "everybody", "")),
        (
            Facet(failures=True),
            _choice(totals.refused, messages.PROBLEMS, "bad"),
        ),
    ]
    choices += [(Facet(code=code), _choice(count, code, "")) for code, count in totals.codes]
    return [
        *choices,
        *(
            (Facet(change=kind), _choice(count, f"change: {kind}", CHANGE_ROLES.get(kind, "")))
            for kind, count in totals.changes
            if not (of_groups and kind == "deactivate")
        ),
    ]


def _choice(count: int, words: str, role: str) -> Line:
    return (Span(f"{count:,}", "" if count else "dim"), Span(words, role if count else "dim"))
