from collections.abc import Iterator

import pytest

from tests.aws.standin import ENVIRONMENT, StandIn, stand_in


@pytest.fixture(scope="session")
def account() -> Iterator[StandIn]:
    with stand_in() as found:
        yield found


@pytest.fixture
def aws(account: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """An account on loopback, to which the environment leads."""
    account.reset()
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", account.url)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return account
