"""Edit the config file: a copy is edited, and replaces the file only if it can be read."""

from pathlib import Path

from scim_tui.model.errors import UsageError
from scim_tui.tui.drawing.text import Line, line, wrap
from scim_tui.tui.modals.dialog import WIDTH
from scim_tui.tui.profiles import messages
from scim_tui.tui.session.host import Host
from scim_tui.tui.terminal.editor import edit


async def edited(app: Host) -> None:
    """Edit until the copy can be read. Raises `UsageError` if given up; then nothing is changed.

    The copy is kept then, and the next edit begins with it.
    """
    from scim_tui.config.paths import config_file

    path = config_file()
    try:
        await _edited(app, path)
    except OSError as error:
        raise UsageError(messages.not_written(path, error.strerror), messages.EDIT_AGAIN) from error


async def _edited(app: Host, path: Path) -> None:
    from scim_tui.config.paths import private_folder, write_atomic
    from scim_tui.config.profiles import parsed, read_profiles
    from scim_tui.tui.modals.question import ConfirmDialog

    copy = private_folder(path.parent) / f".{path.name}.edited"
    before = _text(path)
    if not copy.exists():
        write_atomic(copy, before)
    while True:
        edit(app, copy, after=messages.nothing_changed(copy))
        if not copy.exists():
            raise UsageError(messages.NO_FILE_LEFT, messages.START_AGAIN)
        text = _text(copy)
        try:
            read_profiles(path, parsed(path, text))
        except UsageError as error:
            if await app.ask(ConfirmDialog(messages.FILE_UNREADABLE, _words(error))):
                continue
            raise UsageError(messages.kept(copy), messages.EDIT_AGAIN) from error
        break
    if _text(path) != before:
        raise UsageError(messages.changed_meanwhile(path, copy), messages.EDIT_AGAIN)
    _replace(path, copy, text)


def _replace(path: Path, copy: Path, text: str) -> None:
    from scim_tui.config.paths import write_atomic

    write_atomic(path.resolve(), text)
    copy.unlink()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return messages.EMPTY_FILE
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(messages.not_read(path, error), messages.CHECK_FILE) from None


def _words(error: UsageError) -> list[Line]:
    said = [row for words in (error.message, error.hint) for row in wrap(words, WIDTH - 6)]
    ask = messages.EDIT_OR_LEAVE
    return [*(line((row, "bad")) for row in said), (), line(ask)]
