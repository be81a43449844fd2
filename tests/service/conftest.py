from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from scim_tui.service.store.store import Store
from tests.service.scim.scim_kit import Clock, Service, opened, serving


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with opened(tmp_path / "service.db", clock) as store:
        yield store


@pytest.fixture
async def service(store: Store, clock: Clock) -> AsyncIterator[Service]:
    async with serving(store, clock, None) as service:
        yield service
