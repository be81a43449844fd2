from collections.abc import Iterator

import pytest

from tests.aws.standin import ENVIRONMENT, StandIn, stand_in


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """An account on loopback, to which the environment leads."""
    with stand_in() as account:
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", account.url)
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        yield account
