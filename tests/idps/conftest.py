"""A secret store of AWS for each test that asks for one."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.idps.store_kit import Store


@pytest.fixture
def mocked_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        yield


@pytest.fixture(params=["secretsmanager", "ssm"])
def store(request: pytest.FixtureRequest, mocked_aws: None) -> Store:
    return Store(request.param)
