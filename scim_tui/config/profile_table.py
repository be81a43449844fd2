"""One profile, and how it is read from a table of the config file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from scim_tui.config.aws import IDENTITY_CENTER, AwsRef, read_aws
from scim_tui.config.idps import IdpRef, parse_idp
from scim_tui.config.keys import IN_FILE, KEYS, MOST_SECONDS, PROOFS, Span
from scim_tui.config.paths import data_dir
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.config.spans import WRITE, read_span
from scim_tui.config.thresholds import THRESHOLDS, read_thresholds
from scim_tui.model.errors import UsageError
from scim_tui.model.nearest import suggestion
from scim_tui.model.thresholds import Thresholds
from scim_tui.model.typed_path import at_home

LOCAL = "local"
"""The profile that is always there; its service is the one that `serve` runs."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_NAME = re.compile(r"\w[\w.@-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One named connection. Secrets are references only."""

    name: str
    provider: str
    data_dir: Path
    """Its own folder: audit trail, rotations, the local list, and for `local` the database."""
    endpoint: str = ""
    """The SCIM endpoint, as an IdP is configured with it."""
    admin_endpoint: str = ""
    environment: str = ""
    """A label such as "PROD" or "dev", first on every screen."""
    production: bool = False
    read_only: bool = False
    write_asked: bool = False
    """Whether `--read-write` was given."""
    cache: bool = True
    """Whether the rows of the directory are kept between sessions."""
    token: SecretSource | None = None
    admin_key: SecretSource | None = None
    ca_bundle: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    timeout: float = 30.0
    proof: str = "E4"
    """The level of proof that a new token needs before the old one may be deleted."""
    proof_silence: bool = True
    """Whether the old token must also be silent for a cycle."""
    idp_cycle: timedelta | None = None
    """Time between two requests of the IdP at most; None: the usual cycle of the IdP."""
    expect_off: bool = False
    """Whether provisioning is meant to be off."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    """From which values on a signal is reported."""
    suspend_old: bool = False
    """Whether the old token is switched off for a cycle before it is deleted."""
    idp: IdpRef | None = None
    """The IdP that pushes here, and how it gets a new secret."""
    aws: AwsRef | None = None
    """Settings of the AWS API; `identity-center` only."""
    origin: str = "built in"
    """Where it was read: a path, "environment" or "built in"."""

    @property
    def access(self) -> str:
        """ "read-only" or "read-write", as every list and check shows it."""
        return access_word(read_only=self.read_only)

    @property
    def label(self) -> str:
        """The name with the environment: "prod-aws [PROD]"."""
        return f"{self.name} [{self.environment}]" if self.environment else self.name


def access_word(*, read_only: bool) -> str:
    """Whether a connection may change anything."""
    return "read-only" if read_only else "read-write"


def only(path: Path, place: str, table: Mapping[str, object], known: Iterable[str]) -> None:
    """Raise `UsageError` for a key that is not known, with the nearest one."""
    for key in table:
        if key not in known:
            raise UsageError(
                f"{path}: unknown key {place}{key}.",
                suggestion(key, known, f"Known keys: {', '.join(known)}."),
            )


def own_folder(name: str) -> Path:
    """The folder of a profile's files; no two profiles share one."""
    return data_dir() / "profiles" / name


def profile_of(path: Path, name: str, table: object) -> Profile:
    """The profile of a table. Raises `UsageError` naming file and key."""
    place = f"profiles.{name}"
    if not isinstance(table, dict):
        raise UsageError(f"{path}: {place} must be a table.", f"Write [{place}] above its keys.")
    check_name(name, f"{path}: ")
    only(path, f"{place}.", table, (*KEYS, THRESHOLDS))
    _typed(path, place, table)
    profile = Profile(
        name=name,
        provider=table.get("provider", "local"),
        data_dir=_folder(name, table),
        endpoint=table.get("endpoint", ""),
        admin_endpoint=table.get("admin_endpoint", ""),
        environment=table.get("environment", "PROD" if table.get("production") else ""),
        production=table.get("production", False),
        read_only=bool(table.get("read_only", table.get("production", False))),
        cache=table.get("cache", True),
        token=_secret(path, place, table, "token"),
        admin_key=_secret(path, place, table, "admin_key"),
        ca_bundle=_file(table, "ca_bundle"),
        client_cert=_file(table, "client_cert"),
        client_key=_file(table, "client_key"),
        timeout=float(table.get("timeout", 30.0)),
        proof=table.get("proof", "E4"),
        proof_silence=table.get("proof_silence", True),
        idp_cycle=read_span(table.get("idp_cycle")),
        expect_off=_expects_off(path, place, table),
        thresholds=read_thresholds(path, place, table.get(THRESHOLDS, {})),
        suspend_old=table.get("suspend_old", False),
        idp=parse_idp(table["idp"], f"{path}: {place}.idp") if "idp" in table else None,
        aws=read_aws(f"{path}: {place}", table) if _is_identity_center(table) else None,
        origin=str(path),
    )
    _complete(path, place, profile)
    return profile


def _is_identity_center(table: Mapping[str, object]) -> bool:
    return table.get("provider") == IDENTITY_CENTER


def check_name(name: str, place: str = "") -> None:
    """Raise `UsageError` when this cannot be the name of a profile, and of its folder."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{place}{name!r} cannot be the name of a profile.",
            "Use up to 64 letters, digits, and . _ @ - after the first.",
        )


def _folder(name: str, table: Mapping[str, str]) -> Path:
    if "data_dir" in table:
        return at_home(table["data_dir"])
    return data_dir() if name == LOCAL else own_folder(name)


def _expects_off(path: Path, place: str, table: Mapping[str, object]) -> bool:
    expected = table.get("expect", "on")
    if expected not in {"on", "off"}:
        raise UsageError(f"{path}: {place}.expect must be on or off.", _CORRECT)
    return expected == "off"


def _file(table: Mapping[str, str], key: str) -> Path | None:
    return at_home(table[key]) if key in table else None


def _typed(path: Path, place: str, table: Mapping[str, object]) -> None:
    for key, value in table.items():
        if key == THRESHOLDS:
            continue
        wanted = KEYS[key].kind
        if not _fits(value, wanted):
            hint = WRITE if wanted is Span else _CORRECT
            raise UsageError(f"{path}: {place}.{key} must be {_KINDS[wanted]}.", hint)


def _fits(value: object, wanted: type) -> bool:
    if wanted is Span:
        return read_span(value) is not None
    return _is_seconds(value) if wanted is float else isinstance(value, wanted)


_CORRECT = "Correct that line."
_KINDS = {
    bool: "true or false",
    str: "a text",
    float: f"a number above 0, {MOST_SECONDS} at most",
    Span: "a span above 0, 48h at most",
}


def _is_seconds(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < value <= MOST_SECONDS  # type: ignore[operator]


def _secret(path: Path, place: str, table: Mapping[str, str], what: str) -> SecretSource | None:
    given = [source for source in SecretPlace if f"{what}_{source}" in table]
    if len(given) > 1:
        keys = " and ".join(f"{what}_{source}" for source in given)
        raise UsageError(f"{path}: {place} has {keys}.", "Keep one of them.")
    return SecretSource(given[0], table[f"{what}_{given[0]}"]) if given else None


def _complete(path: Path, place: str, profile: Profile) -> None:
    if profile.provider not in IN_FILE:
        raise UsageError(
            f"{path}: {place}.provider {profile.provider!r} is not known.",
            suggestion(profile.provider, IN_FILE, f"Use one of {', '.join(IN_FILE)}."),
        )
    if profile.proof not in PROOFS:
        raise UsageError(
            f"{path}: {place}.proof {profile.proof!r} is no level of proof.",
            f"Use one of {', '.join(PROOFS)}.",
        )
    needs = {
        "service": ("admin_endpoint", profile.admin_endpoint, profile.admin_key, "admin_key_file"),
        "scim": ("endpoint", profile.endpoint, profile.token, "token_file"),
        IDENTITY_CENTER: ("endpoint", profile.endpoint, profile.token, "token_file"),
        "mlflow-oidc-auth": ("endpoint", profile.endpoint, profile.token, "token_file"),
    }
    if profile.provider not in needs:
        return
    key, url, secret, secret_key = needs[profile.provider]
    finds = profile.aws is not None and profile.aws.find_endpoint
    if not url and not finds:
        raise UsageError(f"{path}: {place}.{key} is missing.", f"{key} is a URL.")
    if secret is None:
        raise UsageError(f"{path}: {place} names no secret.", f"Add {secret_key} = PATH.")
    if url:
        check_url(f"{path}: {place}.{key}", url)


def check_url(what: str, url: str) -> None:
    """Raise `UsageError` for an invalid URL, or one to which a secret must not be sent."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
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
