"""The keys of a profile in the config file."""

from enum import StrEnum
from typing import NamedTuple

IN_FILE = ("local", "service", "scim", "identity-center", "mlflow-oidc-auth")
"""Providers that a config file can name; a demo exists only while it runs."""


WATCH = "watch"
"""The table of the config file for `scim-tui watch`."""
MOST_SECONDS = 600
PROOFS = ("E2", "E3", "E4", "E5")
"""Levels of proof that a profile may require; a lower one would not involve the IdP."""


class SecretPlace(StrEnum):
    """The kinds of places a secret can be in."""

    FILE = "file"
    ENV = "env"
    COMMAND = "command"
    KEYRING = "keyring"


class Span(str):
    """A text such as 40m or 24h (`spans`)."""


SPAN_PATTERN = r"(\d{1,9}(?:\.\d{1,9})?)([smh])"
MOST_HOURS = 48
"""An IdP that syncs once a day makes a cycle of 24 hours; twice that is not exceeded."""


class Key(NamedTuple):
    """One key of a profile."""

    kind: type[str] | type[bool] | type[float]
    meaning: str


_PLACES = {
    SecretPlace.FILE: "a file that only you can read",
    SecretPlace.ENV: "a variable of the environment",
    SecretPlace.COMMAND: "a command that prints it",
    SecretPlace.KEYRING: "a name in the keyring of the system",
}
_SECRETS = {"token": "The bearer token", "admin_key": "The key of the service's admin API"}
SECRET_KEYS = {
    f"{what}_{source}": Key(str, f"{words}, from {_PLACES[source]}.")
    for what, words in _SECRETS.items()
    for source in SecretPlace
}
KEYS = {
    "provider": Key(str, "The product whose provisioning is administered."),
    "endpoint": Key(str, "The SCIM endpoint, as an IdP is configured with it."),
    "admin_endpoint": Key(str, "The admin API of a service that runs elsewhere."),
    "environment": Key(str, "A label such as PROD, first on every screen."),
    "data_dir": Key(str, "Another folder for audit trail, journal and rows."),
    "idp": Key(str, "Who pushes here: manual:okta, command:CMD, secretsmanager:ARN, ssm:NAME."),
    "ca_bundle": Key(str, "Authorities in PEM, trusted in place of the usual ones."),
    "client_cert": Key(str, "Our certificate in PEM, for a server or proxy that asks for one."),
    "client_key": Key(str, "The key of client_cert, where it is in a file of its own."),
    "timeout": Key(float, "Seconds without a sign of life before an answer is given up (30)."),
    "production": Key(bool, "Marked on every screen, and read-only unless it says otherwise."),
    "read_only": Key(bool, "Refuse every change."),
    "proof": Key(str, "What must be seen of a new token before the old one may go: E2 to E5 (E4)."),
    "proof_silence": Key(bool, "Whether the old token must also be silent for a cycle (true)."),
    "idp_cycle": Key(
        Span,
        "Time between two requests of the IdP at most, such as 40m or 24h (its usual cycle).",
    ),
    "suspend_old": Key(bool, "Switch the old token off for a cycle before it is deleted (false)."),
    "expect": Key(str, "on or off: whether provisioning is meant to be on (on)."),
    "cache": Key(bool, "Keep rows on disk between sessions (true)."),
    "region": Key(
        str, "identity-center: the Region of the instance (else taken from the endpoint)."
    ),
    "identity_store_id": Key(str, "identity-center: the store, where there are several."),
    "aws_profile": Key(str, "identity-center: the profile of the AWS CLI to sign in with."),
    "role_arn": Key(str, "identity-center: a role to assume with those credentials."),
    "fips": Key(bool, "identity-center: ask the FIPS endpoints of AWS."),
    "dual_stack": Key(bool, "identity-center: ask the endpoints of AWS that have IPv6, too."),
    "experimental_find_endpoint": Key(
        bool, "identity-center: find the endpoint by an undocumented call of AWS (false)."
    ),
    **SECRET_KEYS,
}
"""Every key of a profile, in the order of help pages and of the schema."""
