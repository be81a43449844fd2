import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.mlflow import ADMIN, WANTED, Running, mlflow_world, running_mlflow
from tests.contract.strangers import BETTER_AUTH, SCIMMY, started
from tests.contract.worlds import (
    Peer,
    Seed,
    World,
    apart,
    filled,
    make_seed,
    memory_world,
    peer_world,
    running_scim2_server,
    service_world,
)

WORLDS = [
    "memory",
    "service",
    "service over SCIM",
    "scim2-server by index",
    "scim2-server by cursor",
    "scimmy-routers",
    "Better Auth",
]
if os.environ.get(WANTED) == "all":
    WORLDS.append("mlflow-oidc-auth")


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    return apart(make_seed(tmp_path_factory.mktemp("seed")))


def _peer(factory: pytest.TempPathFactory, *, cursors: bool) -> Iterator[Peer]:
    pytest.importorskip("scim2_server", reason="scim2-server is not installed (extra: bench)")
    if cursors:
        pytest.importorskip("cryptography", reason="scim2-server needs it for cursors")
    with running_scim2_server(factory.mktemp("scim2"), cursors=cursors) as peer:
        yield peer


@pytest.fixture(scope="session")
def index_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    yield from _peer(tmp_path_factory, cursors=False)


@pytest.fixture(scope="session")
def cursor_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    yield from _peer(tmp_path_factory, cursors=True)


@pytest.fixture(scope="session")
def scimmy_peer() -> Iterator[Peer]:
    with started(SCIMMY) as server:
        yield filled(server.endpoint, server.token)


@pytest.fixture(scope="session")
def better_auth_peer() -> Iterator[Peer]:
    with started(BETTER_AUTH) as server:
        yield filled(server.endpoint, server.token, frozenset({"groups", "names"}))


@pytest.fixture(scope="session")
def mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_mlflow(tmp_path_factory.mktemp("mlflow")) as running:
        yield running


@pytest.fixture(scope="session")
def mlflow_peer(mlflow: Running) -> Peer:
    peer = filled(mlflow.endpoint, mlflow.new_token(), frozenset({"names"}))
    # Its administrator is a user as well, and the name of a user is the id.
    return replace(peer, people=peer.people | {ADMIN: ADMIN})


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    match request.param:
        case "memory":
            opened = memory_world()
        case "scim2-server by index":
            opened = peer_world(request.getfixturevalue("index_peer"))
        case "scim2-server by cursor":
            opened = peer_world(request.getfixturevalue("cursor_peer"))
        case "scimmy-routers":
            opened = peer_world(request.getfixturevalue("scimmy_peer"))
        case "Better Auth":
            opened = peer_world(request.getfixturevalue("better_auth_peer"))
        case "mlflow-oidc-auth":
            peer, running = (request.getfixturevalue(each) for each in ("mlflow_peer", "mlflow"))
            opened = mlflow_world(peer, running)
        case name:
            seed = request.getfixturevalue("seed")
            opened = service_world(seed, tmp_path, scim_only=name != "service")
    async with opened as world:
        yield world
