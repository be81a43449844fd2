"""The questions of the Mapping screen: which files, which people, where to, what if."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scim_tui.model.errors import ScimTuiError
from scim_tui.model.typed_path import at_home
from scim_tui.tui.drawing.completion import grow, grow_path
from scim_tui.tui.drawing.record import sentence_lines
from scim_tui.tui.drawing.text import Line, Span
from scim_tui.tui.mapping.files import DIRECTORY, LIVE, PRESET, Files
from scim_tui.tui.mapping.rows import CHANGE_ROLES
from scim_tui.tui.mapping.totals import Facet
from scim_tui.tui.modals.choice import Choice
from scim_tui.tui.modals.prompt import Prompt
from scim_tui.tui.modals.question import MessageDialog
from scim_tui.tui.shell.changes import tell_failure
from scim_tui.tui.widgets.table import Column

if TYPE_CHECKING:
    from scim_tui.core.mapping.api import MappingPreview, Totals
    from scim_tui.tui.mapping.screen import MappingPage

Dialogue = Callable[["MappingPage", "MappingPreview"], Awaitable[None]]
_COLUMNS = (Column("COUNT", 8, right=True), Column("SHOW ONLY", 30, 1))


def _there(text: str) -> str:
    """What is wrong with a path that should lead to a file; empty: nothing."""
    path = at_home(text.strip())
    try:
        if not text.strip():
            return "Type a path, or Esc."
        if not path.exists():
            return f"There is no file {text.strip()}."
        return "" if path.is_file() else f"{text.strip()} is not a file."
    except (OSError, ValueError) as error:
        return f"That is not a path: {error}"


async def people(page: "MappingPage", preview: "MappingPreview") -> None:
    """Ask for a file of people, or for those of the directory."""
    words = (
        "CSV, JSON, JSONL or LDIF, as an IdP exports it; the file stays where it is. "
        f"The word {DIRECTORY} takes the people who are there now.",
    )
    check = _or(DIRECTORY, _there)
    path = await page.app.ask(Prompt("Load people", words, "", check, grow_path))
    if path:
        files = replace(page.files)
        page.load(files, note=files.take_people(path.strip()))


def _or(word: str, check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "" if text.strip() == word else check(text)


async def groups(page: "MappingPage", preview: "MappingPreview") -> None:
    """Ask for a file of groups, or take those that the people name."""
    words = (
        "CSV, JSON, JSONL or LDIF with groups and their members, by id, address or name. "
        "Empty: the groups that a column of the people names.",
    )
    again = page.files.dropped_groups
    prompt = Prompt("Load groups", words, again, _or("", _there), grow_path)
    path = await page.app.ask(prompt)
    if path is None:
        return

    def take(files: Files) -> None:
        files.take_groups(path.strip())

    page.of_groups = True
    page.load(page.with_files(take), compare=True)


async def notes(page: "MappingPage", preview: "MappingPreview") -> None:
    """What there is to know about people, groups and rules."""
    found = preview.notes()
    if not found:
        page.say("There is nothing to know about the files beside what is shown.", "good")
        return
    cells = page.app.size.width - 10
    lines = [row for note in found for row in (*sentence_lines(note, cells, lead=" - "), ())]
    await page.app.ask(MessageDialog("TO KNOW about the files", lines))


async def rules(page: "MappingPage", preview: "MappingPreview") -> None:
    """Ask for a file of rules, or for one of ours."""
    from scim_tui.core.mapping.api import preset_names

    presets = [f"{PRESET}{name}" for name in preset_names()]
    words = (
        "A TOML file with one rule for each target attribute, the saved JSON of Entra ID or Okta, "
        "entra:SERVICE-PRINCIPAL-ID/JOB-ID to ask Entra ID (az login first), or one of:",
        ", ".join(presets),
    )

    def complete(text: str) -> str:
        return grow(text, presets) if PRESET.startswith(text[:7]) and text else grow_path(text)

    def check(text: str) -> str:
        if text.strip().startswith(PRESET):
            return "" if text.strip() in presets else f"There is no {text.strip()}."
        return "" if text.strip().startswith(LIVE) else _there(text)

    name = await page.app.ask(Prompt("Load a mapping", words, "", check, complete))
    if name:
        use_mapping(page, name.strip(), "")


def use_mapping(page: "MappingPage", name: str, then: str) -> None:
    """Check everybody with other rules, or with the same file as it is now."""

    def take(files: Files) -> None:
        files.mapping = name

    page.load(page.with_files(take), then=then, compare=True)


async def assigned(page: "MappingPage", preview: "MappingPreview") -> None:
    """Ask for the second file, or the column, that tells who is assigned."""
    columns = preview.people.columns if preview.people else ()
    words = (
        "A file that lists the people assigned to the app in the IdP, or the name of a "
        "column of the people. Empty: not known.",
    )

    def check(text: str) -> str:
        return "" if not text.strip() or text.strip() in columns else _there(text)

    again = page.files.dropped_scope
    prompt = Prompt("Who is assigned", words, again, check, grow_path)
    scope = await page.app.ask(prompt)
    if scope is None:
        return

    def take(files: Files) -> None:
        files.take_scope(scope.strip())

    page.load(page.with_files(take), compare=True)


async def facets(page: "MappingPage", preview: "MappingPreview") -> None:
    """A menu of the findings and changes there are, with how many people each concerns."""
    if page.totals is None:
        page.say("Nothing is checked yet.", "warn")
        return
    groups = page.groups if page.of_groups else None
    choices = facet_choices(groups.totals() if groups else page.totals, bool(groups))
    rows = [(str(n), cells) for n, (_, cells) in enumerate(choices)]
    current = next(
        (str(n) for n, (facet, _) in enumerate(choices) if facet == page.facet._replace(text="")),
        "0",
    )
    chosen = await page.app.ask(Choice("Show only", _COLUMNS, rows, current))
    if chosen:
        page.narrow(choices[int(chosen)][0]._replace(text=page.facet.text))


def facet_choices(totals: "Totals", of_groups: bool) -> list[tuple[Facet, Line]]:
    """Everybody, those refused, each finding, each kind of change."""
    choices = [
        (Facet(), _choice(totals.people, "every group" if of_groups else "everybody", "")),
        (
            Facet(failures=True),
            _choice(totals.refused, "problems: refused by the directory", "bad"),
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


def _taken(text: str) -> bool:
    """Whether there is a file of this name already."""
    return os.path.lexists(at_home(text.strip()))


async def report(page: "MappingPage", preview: "MappingPreview") -> None:
    """Ask for a new file, and write the report."""

    async def write(text: str) -> str:
        if _taken(text):
            return f"{text.strip()} exists and is left as it is. Name a new file."
        try:
            await preview.report(text.strip())
        except ScimTuiError as error:
            return error.sentence
        return ""

    words = (
        "The ending decides: .html to read, .csv to filter, .json for programs. "
        "The file is new and only you can read it.",
    )
    path = await page.app.ask(Prompt("Write a report", words, "mapping.html", write, grow_path))
    if path:
        page.say(f"The report is in {path.strip()}; only you can read it.", "good")


async def what_if(page: "MappingPage", preview: "MappingPreview") -> None:
    """A form with the columns the rules look at."""
    from scim_tui.tui.mapping.what_if_dialog import WhatIf

    if preview.rules is None:
        return
    columns = preview.people.columns if preview.people else ()
    unused = set(preview.unused_columns()) if preview.people else set()
    names = [name for name in columns if name not in unused] or sorted(preview.rules.fields)
    person = page.person
    example = preview.result(person).person.source if person is not None else {}
    await page.app.ask(WhatIf(names, example, preview.what_if))


async def edit_mapping(page: "MappingPage", preview: "MappingPreview") -> None:
    """The mapping in the user's editor; a preset becomes a file of the user's first."""
    from scim_tui.tui.terminal.editor import edit

    path = page.files.own_mapping or await _own_copy(page, preview)
    if path is None:
        return
    name = page.files.mapping if page.files.own_mapping else str(path)
    line = _broken_line(page, preview)
    try:
        edit(page.app, path, line)
    except ScimTuiError as error:
        tell_failure(page, error)
        return
    use_mapping(page, name, f"{path.name}: ")


def _broken_line(page: "MappingPage", preview: "MappingPreview") -> int:
    """The line of the first rule whose attribute has a finding; 0: there is none."""
    person, side, rules = page.person, page.side, preview.rules
    if person is None or side is None or rules is None:
        return 0
    broken = {finding.path for finding in side.result(person).findings}
    listed = rules.group_rules if page.of_groups else rules.rules
    return next((rule.line for rule in listed if rule.target.path in broken), 0)


async def _own_copy(page: "MappingPage", preview: "MappingPreview") -> Path | None:
    """Copy the preset in use, or what Entra ID told, into a new file; None: no."""
    from scim_tui.config.paths import write_new_file
    from scim_tui.mapping.authoring.write import toml_of
    from scim_tui.mapping.presets import preset_text

    live = page.files.mapping.startswith(LIVE)
    preset = "entra-live" if live else page.files.mapping.removeprefix(PRESET)

    def copy(text: str) -> str:
        try:
            whole = toml_of(preview.rules) if live and preview.rules else preset_text(preset)
            write_new_file(text.strip(), whole)
        except ScimTuiError as error:
            return error.sentence
        return ""

    words = (
        f"{page.files.mapping} is no file of yours and stays as it is. "
        "A copy of it is yours to change; this is its new file:",
    )
    path = await page.app.ask(Prompt("Copy the mapping", words, f"{preset}.toml", copy, grow_path))
    return own_path(path) if path else None


def own_path(text: str) -> Path:
    """A path as it was typed."""
    return at_home(text.strip())


async def push(page: "MappingPage", preview: "MappingPreview") -> None:
    """Provision the person under the cursor."""
    from scim_tui.tui.mapping.push import push_one

    person = page.person
    if person is not None and await push_one(page, preview, person):
        page.forget_answer()
