"""Messages about the fields of a profile while they are typed."""

import os
import shlex
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from scim_tui.config.idps import parse_idp
from scim_tui.config.keys import KEYS, MOST_SECONDS, SecretPlace, Span
from scim_tui.config.paths import config_file
from scim_tui.config.private import remedy, why_exposed
from scim_tui.config.profile_form import WAYS, Field, Typed, chosen, is_new, place_of
from scim_tui.config.profile_table import check_name, check_url
from scim_tui.config.spans import WRITE, read_span
from scim_tui.model.errors import UsageError
from scim_tui.model.typed_path import at_home

_FILES = frozenset({"ca_bundle", "client_cert", "client_key"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A message about one field."""

    words: str
    stops: bool = True
    """Whether the profile cannot be saved with this value."""


def remark(typed: Typed, field: Field, taken: Collection[str] = ()) -> Remark | None:
    """The message about a field with its present text; `taken` are the names in use."""
    text = typed.get(field.id, "").strip()
    try:
        return _remark(typed, field, text, taken)
    except UsageError as error:
        return Remark(error.sentence)


def _remark(typed: Typed, field: Field, text: str, taken: Collection[str]) -> Remark | None:
    match field.id:
        case "name":
            return _name(text, taken)
        case "place":
            return _place(chosen(typed, "way"), place_of(typed, field), field.label)
        case "secret":
            return _secret(text)
        case "endpoint" | "admin_endpoint":
            found = chosen(typed, "experimental_find_endpoint") == "yes" and not text
            return None if found else _url(field.label, text)
    return _extra(field.id, text) if text and not field.choices else None


def _extra(key: str, text: str) -> Remark | None:
    """The message about an optional field that is not empty."""
    if key == "idp":
        parse_idp(text)
    if KEYS[key].kind is float and not _is_seconds(text):
        return Remark(f"A number above 0, {MOST_SECONDS} at most.")
    if KEYS[key].kind is Span and read_span(text) is None:
        return Remark(WRITE)
    if key in _FILES and not os.path.isfile(at_home(text)):
        return Remark(f"There is no file {text}.")
    return None


def _name(text: str, taken: Collection[str]) -> Remark | None:
    if not text:
        return Remark("A name is missing, such as prod.")
    check_name(text)
    if text in taken:
        return Remark(f"There is a profile {text!r} already. Take another name.")
    return None


def _url(label: str, text: str) -> Remark | None:
    if not text:
        return Remark(f"{label} is missing: a URL, as the console shows it.")
    check_url(label, text)
    return None


def _place(way: str, text: str, label: str) -> Remark | None:
    if not text:
        return Remark(f"{label} is missing.")
    match WAYS[way][1]:
        case SecretPlace.FILE:
            return _new_file(Path(text)) if is_new(way) else _file(Path(text))
        case SecretPlace.COMMAND:
            return _command_line(text)
        case SecretPlace.ENV:
            return _variable(text)
    return None


def _new_file(named: Path) -> Remark | None:
    path = at_home(named)
    if os.path.exists(path):
        return Remark(f"{path} exists and is left as it is. Name a new file.")
    if os.path.isdir(path.parent) or path.parent == config_file().parent:  # that one is made
        return None
    return Remark(f"There is no folder {path.parent}. Make it first.")


def _file(named: Path) -> Remark | None:
    path = at_home(named)
    if not os.path.isfile(path):
        return Remark(f"There is no file {path}.")
    found = path.stat()
    if why := why_exposed(found):
        return Remark(f"{path} {why}. {remedy(path, found)}")
    return None


def _command_line(text: str) -> Remark | None:
    try:
        words = shlex.split(text)
    except ValueError as error:
        return Remark(f"The command cannot be read: {error}. Check its quotes.")
    if not words or shutil.which(words[0]) is None:
        return Remark(f"There is no program {text.partition(' ')[0]} here.", stops=False)
    return None


def _variable(text: str) -> Remark | None:
    if not text.isidentifier():
        return Remark("The name of a variable has letters, digits and _ only.")
    if not os.environ.get(text):
        return Remark(f"{text} is not set in this session.", stops=False)
    return None


def _secret(text: str) -> Remark | None:
    if not text:
        return Remark("The secret is missing: paste it here.")
    if not text.isascii() or not text.isprintable() or " " in text:
        return Remark("That is not one token: it has a space, or a character no token has.")
    return None


def _is_seconds(text: str) -> bool:
    try:
        return 0 < float(text) <= MOST_SECONDS
    except ValueError:
        return False
