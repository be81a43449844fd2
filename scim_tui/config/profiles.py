"""Named connections: the config file, the environment, and the one that is always there."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scim_tui.config.idps import IdpRef, parse_idp
from scim_tui.config.paths import config_file, data_dir
from scim_tui.config.secrets import SecretSource, Source
from scim_tui.model.errors import UsageError

PROVIDERS = ("local", "service", "scim", "demo")
IN_FILE = ("local", "service", "scim")
"""Providers that a config file can name; a demo exists only while it runs."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_TEXTS = ("provider", "endpoint", "admin_endpoint", "environment", "data_dir", "idp")
_FLAGS = ("production", "read_only", "cache")
_SECRETS = tuple(f"{what}_{source}" for what in ("token", "admin_key") for source in Source)
KEYS = (*_TEXTS, *_FLAGS, *_SECRETS)
"""Everything a profile in the config file may say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One named connection. Secrets are references only."""

    name: str
    provider: str
    data_dir: Path
    """Where the audit trail is, and the service's database for `local`."""
    endpoint: str = ""
    """The SCIM endpoint, as an IdP is configured with it."""
    admin_endpoint: str = ""
    environment: str = ""
    """A label such as "PROD" or "dev", first on every screen."""
    production: bool = False
    read_only: bool = False
    cache: bool = True
    """Whether the list of users and groups is kept on disk, to be shown at once the next time."""
    token: SecretSource | None = None
    admin_key: SecretSource | None = None
    idp: IdpRef | None = None
    """Who pushes here, and how it is given a new secret."""
    origin: str = "built in"
    """Where it was read: a path, "environment" or "built in"."""

    @property
    def label(self) -> str:
        """The name with the environment: "prod-aws [PROD]"."""
        return f"{self.name} [{self.environment}]" if self.environment else self.name


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles there are, and the one used when none is named."""

    by_name: Mapping[str, Profile]
    default: str

    def choose(self, name: str | None = None) -> Profile:
        """The profile of this name, else the default. Raises `UsageError` with the nearest name."""
        wanted = name or self.default
        if wanted in self.by_name:
            return self.by_name[wanted]
        raise UsageError(
            f"There is no profile {wanted!r}.",
            nearest(wanted, self.by_name) or f"There are: {', '.join(self.by_name)}.",
        )


def load_profiles() -> Profiles:
    """Read the config file and the environment. Raises `UsageError` naming file and key."""
    path = config_file()
    document = _read(path)
    found = {"local": Profile(name="local", provider="local", data_dir=data_dir())}
    tables = document.get("profiles", {})
    if not isinstance(tables, dict):
        raise UsageError(
            f"{path}: profiles must be tables.", "Write [profiles.NAME] above its keys."
        )
    for name, table in tables.items():
        found[name] = _profile(path, name, table)
    if ad_hoc := _from_environment():
        found["env"] = ad_hoc
    return Profiles(found, _default(path, document, found))


def nearest(word: str, known: Iterable[str]) -> str:
    """A question that offers the most similar known word, or an empty text."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"Did you mean {close[0]!r}?" if close else ""


def _read(path: Path) -> Mapping[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if os.environ.get("SCIM_TUI_CONFIG"):
            raise UsageError(
                f"There is no config file {path}.", "SCIM_TUI_CONFIG names it: correct or unset it."
            ) from None
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Check the file.") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not valid TOML: {error}.", "Correct that line.") from None
    _only(path, "", document, ("profiles", "default_profile"))
    return document


def _only(path: Path, place: str, table: Mapping[str, object], known: Iterable[str]) -> None:
    for key in table:
        if key not in known:
            raise UsageError(
                f"{path}: unknown key {place}{key}.",
                nearest(key, known) or f"Known keys: {', '.join(known)}.",
            )


def _default(path: Path, document: Mapping[str, object], found: Mapping[str, Profile]) -> str:
    if named := os.environ.get("SCIM_TUI_PROFILE"):
        return named
    if "env" in found and found["env"].origin == "environment":
        return "env"
    default = document.get("default_profile", "local")
    if not isinstance(default, str):
        raise UsageError(f"{path}: default_profile must be a text.", "Name one profile.")
    return default


def _from_environment() -> Profile | None:
    endpoint = os.environ.get("SCIM_TUI_ENDPOINT", "")
    if not endpoint:
        return None
    token = None
    if file := os.environ.get("SCIM_TUI_TOKEN_FILE"):
        token = SecretSource(Source.FILE, file)
    elif os.environ.get("SCIM_TUI_TOKEN"):
        token = SecretSource(Source.ENV, "SCIM_TUI_TOKEN")
    if token is None:
        raise UsageError(
            "SCIM_TUI_ENDPOINT is set without a token.",
            "Set SCIM_TUI_TOKEN_FILE (or SCIM_TUI_TOKEN), or unset SCIM_TUI_ENDPOINT.",
        )
    _check_url("SCIM_TUI_ENDPOINT", endpoint)
    return Profile(
        name="env", provider="scim", data_dir=data_dir(), endpoint=endpoint, token=token,
        origin="environment",
    )  # fmt: skip


def _profile(path: Path, name: str, table: object) -> Profile:
    place = f"profiles.{name}"
    if not isinstance(table, dict):
        raise UsageError(f"{path}: {place} must be a table.", f"Write [{place}] above its keys.")
    _only(path, f"{place}.", table, KEYS)
    _typed(path, place, table)
    profile = Profile(
        name=name,
        provider=table.get("provider", "local"),
        data_dir=Path(table["data_dir"]).expanduser() if "data_dir" in table else data_dir(),
        endpoint=table.get("endpoint", ""),
        admin_endpoint=table.get("admin_endpoint", ""),
        environment=table.get("environment", "PROD" if table.get("production") else ""),
        production=table.get("production", False),
        read_only=bool(table.get("read_only", table.get("production", False))),
        cache=table.get("cache", True),
        token=_secret(path, place, table, "token"),
        admin_key=_secret(path, place, table, "admin_key"),
        idp=parse_idp(table["idp"], f"{path}: {place}.idp") if "idp" in table else None,
        origin=str(path),
    )
    _complete(path, place, profile)
    return profile


def _typed(path: Path, place: str, table: Mapping[str, object]) -> None:
    for key, value in table.items():
        wanted = bool if key in _FLAGS else str
        if not isinstance(value, wanted):
            kind = "true or false" if wanted is bool else "a text"
            raise UsageError(f"{path}: {place}.{key} must be {kind}.", "Correct that line.")


def _secret(path: Path, place: str, table: Mapping[str, str], what: str) -> SecretSource | None:
    given = [source for source in Source if f"{what}_{source}" in table]
    if len(given) > 1:
        keys = " and ".join(f"{what}_{source}" for source in given)
        raise UsageError(f"{path}: {place} has {keys}.", "Keep one of them.")
    return SecretSource(given[0], table[f"{what}_{given[0]}"]) if given else None


def _complete(path: Path, place: str, profile: Profile) -> None:
    if profile.provider not in IN_FILE:
        raise UsageError(
            f"{path}: {place}.provider {profile.provider!r} is not known.",
            nearest(profile.provider, IN_FILE) or f"Use one of {', '.join(IN_FILE)}.",
        )
    needs = {
        "service": ("admin_endpoint", profile.admin_endpoint, profile.admin_key, "admin_key_file"),
        "scim": ("endpoint", profile.endpoint, profile.token, "token_file"),
    }
    if profile.provider not in needs:
        return
    key, url, secret, secret_key = needs[profile.provider]
    if not url:
        raise UsageError(f"{path}: {place}.{key} is missing.", f"{key} is a URL.")
    if secret is None:
        raise UsageError(f"{path}: {place} names no secret.", f"Add {secret_key} = PATH.")
    _check_url(f"{path}: {place}.{key}", url)


def _check_url(what: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise UsageError(f"{what} is not a URL.", "Write https://HOST/PATH.") from None
    if parts.username or parts.password:
        raise UsageError(f"{what} holds a password.", "Take it out; name a file with the secret.")
    if parts.scheme not in {"http", "https"} or not host:
        raise UsageError(f"{what} is not a URL.", "Write https://HOST/PATH.")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise UsageError(
            f"{what} would send a secret unencrypted to {host}.",
            "Use https, or a loopback address.",
        )
