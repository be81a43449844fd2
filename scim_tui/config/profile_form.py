"""The form of a profile: its fields, and the values that result from what is typed.

The fields are made from `keys.KEYS`, so that a new key becomes a field. The resulting profile is
read as it would be from the file (`add_profile.proposed`); `field_errors` checks each field on its
own.
"""

import contextlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from scim_tui.config.keys import IN_FILE, KEYS, PROOFS, SECRET_KEYS, SecretPlace
from scim_tui.config.paths import config_file
from scim_tui.config.profile_table import LOCAL

Typed = Mapping[str, str]
"""The text of each field, by its id; a field that was not changed may be missing."""

USUAL = "usual"
"""The choice that leaves a key out."""
WAYS = {
    "file": ("in a file that exists", SecretPlace.FILE),
    "env": ("in a variable of the environment", SecretPlace.ENV),
    "command": ("printed by a command", SecretPlace.COMMAND),
    "keyring": ("in the keyring of the system", SecretPlace.KEYRING),
    "new file": ("pasted below, kept in a new file (0600)", SecretPlace.FILE),
    "new in keyring": ("pasted below, kept in the keyring", SecretPlace.KEYRING),
}
"""Where a secret is, or will be stored."""
_PLACES = {
    SecretPlace.FILE: (
        "File",
        "A file that only you can read; it holds the secret and nothing else.",
    ),
    SecretPlace.ENV: ("Variable", "The name of the variable, without a dollar sign."),
    SecretPlace.COMMAND: ("Command", "A command line that prints the secret; no shell reads it."),
    SecretPlace.KEYRING: ("Keyring name", "The name under which the keyring has it."),
}
_URLS = {
    "endpoint": "https://scim.example.com/TENANT/scim/v2",
    "admin_endpoint": "https://scim.example.com/admin/v1",
}
_SOON = ("production", "read_only", "environment")
"""The first of the fields that have a usual value."""
_LABELS = {"idp": "IdP", "ca_bundle": "CA bundle", "data_dir": "Data folder"}
_OF_THE_WAY = frozenset({*_URLS, "ca_bundle", "client_cert", "client_key", "timeout"})
"""Keys without a meaning for a service in this process."""
_CHOICES = {"proof": PROOFS, "expect": ("on", "off")}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    id: str
    label: str
    meaning: str
    choices: tuple[str, ...] = ()
    """Empty: anything may be typed."""
    hidden: bool = False
    example: str = ""


def secret_of(provider: str) -> str:
    """Which secret a provider needs: "token", "admin_key", or none."""
    return {"local": "", "service": "admin_key"}.get(provider, "token")


def fields(typed: Typed) -> tuple[Field, ...]:
    """The fields for this provider and this place of the secret, in their order."""
    provider = chosen(typed, "provider")
    head = (
        Field("name", "Name", "What it is called here, and its folder too.", example="prod"),
        Field("provider", "Provider", KEYS["provider"].meaning, IN_FILE),
    )
    own = [
        key
        for key in (*_SOON, *(key for key in KEYS if key not in _SOON))
        if _is_for(provider, key)
    ]
    urls = [_field(key) for key in own if key in _URLS]
    rest = [_field(key) for key in own if key not in _URLS]
    return (*head, *urls, *_secret_fields(typed, provider), *rest)


@cache
def all_fields() -> tuple[Field, ...]:
    """Every field that there can be, once, in the order of the form."""
    found: dict[str, Field] = {}
    for provider in IN_FILE:
        found |= {each.id: each for each in fields({"provider": provider, "way": "new file"})}
    order = ["name", "provider", *_URLS, "way", "place", "secret", *_SOON, *KEYS]
    return tuple(sorted(found.values(), key=lambda each: order.index(each.id)))


def _field(key: str) -> Field:
    about = KEYS[key]
    label = _LABELS.get(key, key.replace("_", " ").capitalize())
    words = ("yes", "no") if about.kind is bool else _CHOICES.get(key, ())
    choices = (USUAL, *words) if words else ()
    return Field(key, label, about.meaning, choices, example=_URLS.get(key, ""))


def _is_for(provider: str, key: str) -> bool:
    if key in SECRET_KEYS or key == "provider":
        return False
    if (named := KEYS[key].meaning.partition(": ")[0]) in IN_FILE:
        return named == provider
    if provider == LOCAL:
        return key not in _OF_THE_WAY
    return key not in _URLS or (key == "admin_endpoint") == (provider == "service")


def _secret_fields(typed: Typed, provider: str) -> tuple[Field, ...]:
    if not (what := secret_of(provider)):
        return ()
    title = what.replace("_", " ").capitalize()
    way = chosen(typed, "way")
    label, meaning = _PLACES[WAYS[way][1]]
    place = Field("place", label, meaning, example=_example(typed, way))
    ways = Field("way", f"{title} is", f"The {title.lower()} is {WAYS[way][0]}.", tuple(WAYS))
    secret = Field(
        "secret",
        f"{title} itself",
        "Paste it; it is not shown, and never in the config file.",
        hidden=True,
    )
    return (ways, place, secret) if is_new(way) else (ways, place)


def is_new(way: str) -> bool:
    """Whether the secret is typed in, and put in its place when the profile is saved."""
    return way.startswith("new ")


def _example(typed: Typed, way: str) -> str:
    name = typed.get("name", "").strip() or "prod"
    source = WAYS[way][1]
    if source is SecretPlace.FILE:
        return str(config_file().parent / f"{name}.token")
    return {SecretPlace.ENV: "SCIM_TOKEN", SecretPlace.COMMAND: "pass show scim/prod"}.get(
        source, name
    )


def chosen(typed: Typed, id: str) -> str:
    """The selected choice of a field."""
    first = {"provider": "scim", "way": "file"}.get(id, USUAL)
    return typed.get(id) or first


def values(typed: Typed) -> dict[str, str | bool | float]:
    """The values for the config file, without the secret itself."""
    provider = chosen(typed, "provider")
    found: dict[str, str | bool | float] = {"provider": provider}
    for field in fields(typed):
        text = typed.get(field.id, "").strip()
        if field.id in KEYS and field.id != "provider" and text and text != USUAL:
            found[field.id] = _value(field.id, text)
        elif field.id == "place" and place_of(typed, field):
            source = WAYS[chosen(typed, "way")][1]
            found[f"{secret_of(provider)}_{source}"] = place_of(typed, field)
    return found


def place_of(typed: Typed, field: Field) -> str:
    """Where the secret is; a new one has a usual place."""
    usual = field.example if is_new(chosen(typed, "way")) else ""
    return typed.get("place", "").strip() or usual


def _value(key: str, text: str) -> str | bool | float:
    """As the file has it; a text that is no number stays one, and is refused by `remark`."""
    kind = KEYS[key].kind
    if kind is float:
        with contextlib.suppress(ValueError):
            return float(text)
    return text == "yes" if kind is bool else text


def command(typed: Typed) -> str:
    """The command line that adds the same profile; it prompts for a secret."""
    words = ["scim-tui", "profiles", "add", typed.get("name", "").strip() or "NAME"]
    for key, value in values(typed).items():
        flag = f"--{key.replace('_', '-')}"
        if key == "read_only":
            words.append("--read-only" if value else "--read-write")
        elif isinstance(value, bool):
            words.append(flag if value else f"--no-{flag[2:]}")
        else:
            words += [flag, f"{value:g}" if isinstance(value, float) else value]
    new = secret_of(chosen(typed, "provider")) and is_new(chosen(typed, "way"))
    return shlex.join([*words, *(["--new-secret"] if new else [])])
