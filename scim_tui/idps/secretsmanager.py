"""AWS Secrets Manager, from which ssosync and idp-scim-sync read their token.

PutSecretValue replaces the whole value: the other keys of a JSON object are read, kept and compared
afterwards. The previous version gets the label AWSPREVIOUS.
"""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from pydantic import SecretStr

from scim_tui.idps import aws
from scim_tui.idps.port import InstallPlan
from scim_tui.idps.stored import StoredIdp
from scim_tui.model.errors import Conflict, OutcomeUnknown, ScimTuiError


class SecretsApi(Protocol):
    """The two operations of the service that are used."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> Mapping[str, Any]:
        """The value with this label."""
        ...

    def put_secret_value(
        self,
        *,
        SecretId: str,
        SecretString: str,
        ClientRequestToken: str,
    ) -> Mapping[str, Any]:
        """A new value; the same request token twice makes one version."""
        ...


class _Version(NamedTuple):
    id: str
    text: str


class SecretsManagerIdp(StoredIdp):
    """One secret, or one key of it."""

    kind = "secretsmanager"
    store = "AWS Secrets Manager"

    def __init__(self, name: str, key: str = "", *, client: SecretsApi | None = None) -> None:
        super().__init__(name, key)
        self._client = client

    def _plan(self) -> InstallPlan:
        before = self._read(self._open())
        aws.merged(self.label, before.text, self.key, SecretStr("-"))
        kept = tuple(f"key {key}" for key in aws.kept_keys(before.text, self.key))
        return InstallPlan((f"a new version of {self.label}",), kept)

    def _install(self, secret: SecretStr) -> tuple[str, ...]:
        client = self._open()
        before = self._read(client)
        text = aws.merged(self.label, before.text, self.key, secret)
        if not aws.same(text, before.text):
            version = str(uuid.uuid4())
            self._write(client, text, version, secret)
            self._verify(client, before, _Version(version, text))
        return aws.kept_keys(before.text, self.key)

    def _open(self) -> SecretsApi:
        if self._client is None:
            self._client = aws.open_client("secretsmanager", self.name)
        return self._client

    def _read(self, client: SecretsApi, label: str = "AWSCURRENT") -> _Version:
        with aws.translated_errors(f"Reading {self.name}"):
            answer = client.get_secret_value(SecretId=self.name, VersionStage=label)
            # Without these two it is no answer, whereas a secret may be bytes.
            version, _ = str(answer["VersionId"]), answer["ARN"]
        if "SecretString" not in answer:
            raise Conflict(f"{self.name} is not text, so it was not replaced.", status=409)
        return _Version(version, str(answer["SecretString"]))

    def _write(self, client: SecretsApi, text: str, version: str, secret: SecretStr) -> None:
        """Write the value. A lost answer raises nothing: reading it back shows the outcome."""
        try:
            with aws.translated_errors(f"Writing {self.name}", secret, changes=True):
                client.put_secret_value(
                    SecretId=self.name, SecretString=text, ClientRequestToken=version
                )
        except OutcomeUnknown:
            return

    def _verify(self, client: SecretsApi, before: _Version, wanted: _Version) -> None:
        try:
            now = self._read(client)
            ours = now.id == wanted.id and aws.same(now.text, wanted.text)
            previous = self._read(client, "AWSPREVIOUS").id if ours else ""
        except ScimTuiError as error:
            raise OutcomeUnknown(
                f"{self.name} was written and could not be read back.", error.message
            ) from None
        if not ours:
            raise OutcomeUnknown(
                f"{self.name} does not hold what was written: the write was lost, or another "
                "program wrote after it.",
                "Look at its versions in AWS before you go on.",
            )
        if previous != before.id:
            raise OutcomeUnknown(
                f"{self.name} holds the new secret, but another program wrote it at the same "
                "time; its change may be lost.",
                "Compare it with the version AWSPREVIOUS.",
            )
