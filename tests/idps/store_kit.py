"""The two secret stores of AWS over moto, as the tests look at them."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError
from pydantic import SecretStr

from scim_tui.idps.secretsmanager import SecretsManagerIdp
from scim_tui.idps.ssm import ParameterStoreIdp
from scim_tui.idps.stored import StoredIdp

ENDPOINT = "https://scim.us-east-1.amazonaws.com/f3vd2aa29dc-1/scim/v2/"
HUSH = "q7" + "Zx9_-hush." * 57
SECRET = SecretStr(HUSH)
OLD = {"SCIMEndpointAccessToken": "old-old-old", "other": {"deep": [1, "ü"]}, "n": 3}


class Store:
    """One of the two services, as the tests look at it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.client: Any = boto3.client(kind)

    def make(self, name: str, value: str) -> None:
        if self.kind == "secretsmanager":
            self.client.create_secret(Name=name, SecretString=value)
        else:
            self.client.put_parameter(Name=name, Value=value, Type="SecureString")

    def write(self, name: str, value: str) -> None:
        if self.kind == "secretsmanager":
            self.client.put_secret_value(SecretId=name, SecretString=value)
        else:
            self.client.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def value(self, name: str) -> str:
        if self.kind == "secretsmanager":
            return str(self.client.get_secret_value(SecretId=name)["SecretString"])
        found = self.client.get_parameter(Name=name, WithDecryption=True)
        return str(found["Parameter"]["Value"])

    def idp(self, name: str, key: str = "", client: object = None) -> StoredIdp:
        kinds: dict[str, Callable[..., StoredIdp]] = {
            "secretsmanager": SecretsManagerIdp,
            "ssm": ParameterStoreIdp,
        }
        return kinds[self.kind](name, key, client=client or self.client)

    def opened(self, name: str) -> StoredIdp:
        """As a profile opens it."""
        return SecretsManagerIdp(name) if self.kind == "secretsmanager" else ParameterStoreIdp(name)

    @property
    def writing(self) -> str:
        return "put_secret_value" if self.kind == "secretsmanager" else "put_parameter"

    @property
    def reading(self) -> str:
        return "get_secret_value" if self.kind == "secretsmanager" else "get_parameter"


class Between:
    """The client of a store, with something happening around one operation."""

    def __init__(self, client: object, operation: str, around: Callable[[Any, Any], Any]) -> None:
        self._client, self._operation, self._around = client, operation, around

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        real = getattr(self._client, name)
        if name != self._operation:
            return real
        return lambda **values: self._around(real, values)


def failing(code: str, message: str, status: int) -> Callable[[Any, Any], Any]:
    def around(real: object, values: Mapping[str, object]) -> object:
        answer: Any = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "r-1"},
        }
        raise ClientError(answer, "Operation")

    return around
