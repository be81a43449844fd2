"""AWS Systems Manager Parameter Store, from which ssosync can read its token.

PutParameter without a key id encrypts with the account's default key, whatever key was used
before, so the key is looked up and named again. Each write adds one to the version.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import SecretStr

from scim_tui.idps import aws
from scim_tui.idps.port import InstallPlan
from scim_tui.idps.stored import StoredIdp
from scim_tui.model.errors import Conflict, NotFound, OutcomeUnknown, ScimTuiError

ENCRYPTED = "SecureString"


class ParametersApi(Protocol):
    """The three operations of the service that are used."""

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Mapping[str, Any]:
        """The newest version."""
        ...

    def describe_parameters(
        self,
        *,
        ParameterFilters: Sequence[Mapping[str, Any]],
    ) -> Mapping[str, Any]:
        """Its attributes besides the value."""
        ...

    def put_parameter(self, **values: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """A new version."""
        ...


class _Version(NamedTuple):
    number: int
    text: str


class ParameterStoreIdp(StoredIdp):
    """One parameter, or one key of it."""

    kind = "ssm"
    store = "AWS Parameter Store"

    def __init__(self, name: str, key: str = "", *, client: ParametersApi | None = None) -> None:
        super().__init__(name, key)
        self._client = client

    def _plan(self) -> InstallPlan:
        client = self._open()
        before = self._read(client)
        aws.merged(self.label, before.text, self.key, SecretStr("-"))
        lock = self._lock(client).get("KeyId")
        kept = [f"key {key}" for key in aws.kept_keys(before.text, self.key)]
        return InstallPlan(
            (f"version {before.number + 1} of {self.label}",),
            (*kept, *([f"encryption with {lock}"] if lock else [])),
        )

    def _install(self, secret: SecretStr) -> tuple[str, ...]:
        client = self._open()
        before = self._read(client)
        text = aws.merged(self.label, before.text, self.key, secret)
        if not aws.same(text, before.text):
            self._write(client, text, self._lock(client), secret)
            self._verify(client, _Version(before.number + 1, text))
        return aws.kept_keys(before.text, self.key)

    def _open(self) -> ParametersApi:
        if self._client is None:
            # One try: a write that was lost on the way back must not be written again unseen.
            self._client = aws.open_client("ssm", self.name, tries=1)
        return self._client

    def _read(self, client: ParametersApi) -> _Version:
        with aws.translated_errors(f"Reading {self.name}"):
            found = client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]
            kind, version = found["Type"], _Version(int(found["Version"]), str(found["Value"]))
        if kind != ENCRYPTED:
            raise Conflict(
                f"{self.name} is a {kind}, which everybody who may list it can read; "
                "it was not written.",
                f"Delete it and make it anew as {ENCRYPTED}: its type cannot be changed.",
                status=409,
            )
        return version

    def _lock(self, client: ParametersApi) -> dict[str, str]:
        """The parameters for its encryption and storage, which each write has to repeat."""
        name = self.name.rpartition(":parameter")[2] if self.name.startswith("arn:") else self.name
        with aws.translated_errors(f"Looking up the encryption of {self.name}"):
            listed = client.describe_parameters(
                ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": [name]}]
            )["Parameters"]
        if not listed:
            raise NotFound(
                f"The encryption of {self.name} cannot be looked up, so it was not written.",
                "Allow ssm:DescribeParameters.",
                status=404,
            )
        known = listed[0]
        return {key: str(known[key]) for key in ("KeyId", "Tier") if known.get(key)}

    def _write(
        self, client: ParametersApi, text: str, lock: Mapping[str, str], secret: SecretStr
    ) -> None:
        """Write the value. A lost answer raises nothing: reading it back shows the outcome."""
        try:
            with aws.translated_errors(f"Writing {self.name}", secret, changes=True):
                client.put_parameter(
                    Name=self.name, Value=text, Type=ENCRYPTED, Overwrite=True, **lock
                )
        except OutcomeUnknown:
            return

    def _verify(self, client: ParametersApi, wanted: _Version) -> None:
        try:
            now = self._read(client)
        except ScimTuiError as error:
            raise OutcomeUnknown(
                f"{self.name} was written and could not be read back.", error.message
            ) from None
        if not aws.same(now.text, wanted.text):
            raise OutcomeUnknown(
                f"{self.name} does not hold what was written: the write was lost, or another "
                "program wrote after it.",
                "Look at its history in AWS before you go on.",
            )
        if now.number != wanted.number:
            raise OutcomeUnknown(
                f"{self.name} holds the new secret, but another program wrote it at the same "
                "time; its change may be lost.",
                "Compare it with the versions before.",
            )
