"""Write the references of keys and commands: `python -m tests.reference`.

They are made from what the program itself uses: the tables of actions, the bindings of dialogs,
the parser of the command line and the exit codes. `tests/hygiene/test_reference.py` compares them.
"""

import argparse
import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

import scim_tui.tui
from scim_tui.cli.base import exits
from scim_tui.cli.base.args import common
from scim_tui.cli.main import build_parser
from scim_tui.tui.app import ScimApp
from scim_tui.tui.modals.dialog import Dialog
from scim_tui.tui.shell.actions import EVERYWHERE, KEY_NAMES, SCREENS, Action
from scim_tui.tui.shell.page import Page
from scim_tui.tui.shell.screen_actions import BY_SCREEN

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- Written by `make reference`. Change the program, not this page. -->"
_NAMES = {
    **KEY_NAMES,
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "plus": "+",
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


# Keys


def keys_page() -> str:
    """Every key of every screen, dialog and field."""
    _load_all()
    parts = [
        f"# Keys\n\n{MADE}",
        "The last column has the command that does the same. **Changes** marks an action that"
        " changes something outside this machine; it is off while a profile is read-only. Two dots"
        " after a label mean that a word has to be typed.",
        _screen("Screens", SCREENS),
        _screen("On every screen", EVERYWHERE, ScimApp),
        *(
            _screen(f"{name.capitalize()} screen", BY_SCREEN[name], _page(name))
            for name in BY_SCREEN
        ),
        _bound("Lists, texts and fields", Widget, but=Screen),
        _bound("Dialogs", Dialog),
    ]
    return "\n\n".join(parts) + "\n"


def _load_all() -> None:
    for module in pkgutil.walk_packages(scim_tui.tui.__path__, "scim_tui.tui."):
        importlib.import_module(module.name)


def _ours(base: type) -> list[type]:
    """The classes of the program below `base`, by name."""
    found = (cls for cls in _below(base) if cls.__module__.startswith("scim_tui."))
    return sorted(found, key=lambda cls: cls.__name__)


def _below(base: type) -> set[type]:
    children: list[type] = base.__subclasses__()
    return {base}.union(*map(_below, children))


def _page(name: str) -> type:
    return next(cls for cls in _ours(Page) if vars(cls).get("NAME") == name)


def _screen(title: str, actions: Sequence[Action], owner: type | None = None) -> str:
    """The actions of a screen, and what its class binds besides."""
    rows = [
        (
            _keys(action.keys.split(",")),
            f"{action.label}{' **Changes**' if action.changes else ''}",
            action.help,
            f"`scim-tui {action.command}`" if action.command else "",
        )
        for action in actions
    ]
    rows += [(keys, "", purpose, "") for keys, purpose in _bindings(owner)] if owner else []
    return f"## {title}\n\n{_table(('Key', 'Action', 'What it does', 'Same by command'), rows)}"


def _bound(title: str, base: type, but: type | None = None) -> str:
    """What the classes below `base` bind themselves."""
    rows = [
        (_words(cls), keys, purpose)
        for cls in _ours(base)
        if "BINDINGS" in vars(cls) and not (but and issubclass(cls, but))
        for keys, purpose in _bindings(cls)
    ]
    return f"## {title}\n\n{_table(('Where', 'Key', 'What it does'), rows)}"


def _words(cls: type) -> str:
    name = "Every dialog" if cls is Dialog else cls.__name__.removesuffix("Dialog")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _bindings(cls: type) -> Iterator[tuple[str, str]]:
    """The keys that a class binds itself, other than those of actions; same purpose, one row."""
    rows: dict[str, list[str]] = {}
    bound: Sequence[object] = vars(cls)["BINDINGS"]
    for each in bound:
        assert isinstance(each, Binding), f"{cls.__name__} binds {each!r} without Binding"
        if not each.action.startswith("do("):
            rows.setdefault(_purpose(cls, each), []).extend(each.key.split(","))
    for purpose, keys in rows.items():
        yield _keys(keys), purpose


def _purpose(cls: type, bound: Binding) -> str:
    """The label in the dialog's own line of keys, else the docstring of the method."""
    for keys, label in getattr(cls, "KEYS", ()):
        if set(keys.split()) & {_key(each) for each in bound.key.split(",")}:
            return f"{label[:1].upper()}{label[1:]}."
    name = bound.action.partition("(")[0]
    method = getattr(cls, f"action_{name}", None)
    return _first_line(method) if method else name.rpartition(".")[2].replace("_", " ")


def _keys(keys: Iterable[str]) -> str:
    return " ".join(f"`{_key(each)}`" for each in keys)


def _key(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    return "-".join(part.capitalize() for part in key.split("+")) if len(key) > 1 else key


# Commands


def commands_page() -> str:
    """Every command with its options, and the exit codes."""
    everywhere = argparse.ArgumentParser(add_help=False)
    common(everywhere, lists=True, csv=True)
    shared = {option.option_strings[0]: option for option in everywhere._actions}
    parts = [
        f"# Commands\n\n{MADE}",
        f"## Exit codes\n\n{_exit_table()}\n\nCommands with codes of their own name them below.",
        f"## Options of many commands\n\n{_table(('Option', 'Meaning'), _options(everywhere))}",
        *(_command(parser, shared) for parser in parsers(build_parser())),
    ]
    return "\n\n".join(parts) + "\n"


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A command and the commands below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


def _command(parser: argparse.ArgumentParser, shared: dict[str, argparse.Action]) -> str:
    own = [
        row
        for action, row in zip(_shown(parser), _options(parser), strict=True)
        if not _is_shared(action, shared)
    ]
    also = [
        f"`{action.option_strings[0]}`" for action in _shown(parser) if _is_shared(action, shared)
    ]
    parts = [f"## {parser.prog}", parser.description or ""]
    parts += [_table(("Option", "Meaning"), own)] if own else []
    parts += [f"Also: {', '.join(also)}."] if also else []
    parts += [f"```text\n{parser.epilog.strip()}\n```"] if parser.epilog else []
    return "\n\n".join(parts)


def _shown(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options, without those that list commands or show help."""
    hidden = (argparse._SubParsersAction, argparse._HelpAction)
    return [action for action in parser._actions if not isinstance(action, hidden)]


def _is_shared(action: argparse.Action, shared: dict[str, argparse.Action]) -> bool:
    like = shared.get(action.option_strings[0]) if action.option_strings else None
    return like is not None and like.help == action.help


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in _shown(parser):
        about = (action.help or "") % {**vars(action), "prog": parser.prog}
        about = f"{about[:1].upper()}{about[1:]}"
        choices = f" One of: {', '.join(map(str, action.choices))}." if action.choices else ""
        needed = " Required." if action.option_strings and action.required else ""
        apart = _excluded(parser, action)
        against = f" Not with {', '.join(apart)}." if apart else ""
        yield _spelled(action), f"{about}.{choices}{needed}{against}"


def _spelled(action: argparse.Action) -> str:
    """An option as it is written, or the name of what stands without one."""
    value = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    takes = f" {value}" if action.nargs != 0 and action.option_strings else ""
    plain = f"[{value}]" if action.nargs in {"?", "*"} else value
    return ", ".join(f"`{each}{takes}`" for each in action.option_strings) or f"`{plain}`"


def _excluded(parser: argparse.ArgumentParser, action: argparse.Action) -> list[str]:
    """The options that cannot stand beside this one."""
    return [
        f"`{other.option_strings[-1]}`"
        for group in parser._mutually_exclusive_groups
        if action in group._group_actions
        for other in group._group_actions
        if other is not action
    ]


def _exit_table() -> str:
    meanings = _attribute_docs(exits.Exit)
    rows = [
        (f"`{code.value}`", meanings.get(code.name) or f"{code.name.capitalize()}.")
        for code in exits.Exit
    ]
    return _table(("Code", "Meaning"), rows)


def _attribute_docs(cls: type) -> dict[str, str]:
    """The text below each name in the body of a class."""
    body = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(body, ast.ClassDef)
    docs = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(before, ast.Assign) and isinstance(after, ast.Expr):
            assert isinstance(after.value, ast.Constant)
            assert isinstance(before.targets[0], ast.Name)
            docs[before.targets[0].id] = str(after.value.value)
    return docs


# Both


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(each) for each in row)} |" for row in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


PAGES: dict[str, Callable[[], str]] = {"keys.md": keys_page, "commands.md": commands_page}


if __name__ == "__main__":
    main()
