"""Who listens on a data folder, as other processes on it can know."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scim_tui.model.provisioning import ProvisioningStatus
from scim_tui.model.unknown_values import UNKNOWN
from scim_tui.service.store import folder, tokens
from scim_tui.service.store.folder import Listener
from scim_tui.service.store.store import Store

HERE, THERE = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.fixture(autouse=True)
def enabled(store: Store) -> None:
    store.submit(lambda c: tokens.enable(c, store.now())).result()


def arrive(store: Store, base_url: str) -> None:
    store.submit(lambda c: folder.arrive(c, base_url)).result()


def record(store: Store, *listeners: Listener) -> None:
    value = json.dumps([listener.model_dump() for listener in listeners])
    store.submit(
        lambda c: c.execute("REPLACE INTO meta VALUES ('listening', ?)", (value,))
    ).result()


def recorded(store: Store) -> list[int]:
    query = "SELECT value FROM meta WHERE key = 'listening'"
    return [item["pid"] for item in json.loads(store.reader().execute(query).fetchone()[0])]


def status(store: Store, base_url: str | None = None) -> ProvisioningStatus:
    return folder.status(store.reader(), base_url)


def test_where_no_process_ever_listened_the_endpoint_is_unknown(store: Store) -> None:
    assert (status(store).listening, status(store).scim_endpoint) == (False, UNKNOWN)


def test_who_listens_is_known_and_afterwards_where_it_was(store: Store) -> None:
    arrive(store, HERE)
    listening = status(store)
    assert listening.listening is True
    assert listening.scim_endpoint == f"{HERE}/{listening.tenant_id}/scim/v2"
    store.submit(folder.leave).result()
    assert recorded(store) == []
    assert status(store) == listening.model_copy(update={"listening": False})


def test_arriving_again_replaces_the_record(store: Store) -> None:
    arrive(store, HERE)
    arrive(store, THERE)
    assert recorded(store) == [os.getpid()]
    assert str(status(store).scim_endpoint).startswith(THERE)


def test_a_process_that_listens_gives_its_own_address(store: Store) -> None:
    arrive(store, HERE)
    assert str(status(store, "https://outside.test/").scim_endpoint).startswith(
        "https://outside.test/"
    )


def test_the_dead_are_not_listening_and_are_forgotten(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    record(store, Listener(pid=dead.pid, started="", base_url=THERE))
    assert status(store).listening is False
    arrive(store, HERE)
    assert recorded(store) == [os.getpid()]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the kernel tells no start")
def test_an_ended_process_that_was_not_waited_for_is_dead(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as child:
        start = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19]
        assert child.stdout is not None
        child.stdout.read()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        record(store, Listener(pid=child.pid, started=start, base_url=THERE))
        assert status(store).listening is False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the kernel tells no start")
def test_another_process_with_the_same_id_is_not_the_one(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        record(store, Listener(pid=other.pid, started="1", base_url=THERE))
        assert status(store).listening is False
