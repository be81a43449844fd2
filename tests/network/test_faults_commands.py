"""What the commands say, and how they end, on a network that fails."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from scim_tui.cli.main import run
from tests.network.faults import PEOPLE, SECRET, Fault, Network, directory

UNREACHABLE, NOT_ALLOWED, REFUSED = 3, 4, 5


def listed(capfd: pytest.CaptureFixture[str]) -> tuple[int, list[str], str]:
    capfd.readouterr()
    code = run(["users", "list", "--jsonl"])
    out, err = capfd.readouterr()
    return code, [json.loads(row)["id"] for row in out.splitlines()], err


def doctor(capfd: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, Any]], str]:
    capfd.readouterr()
    code = run(["doctor", "--json"])
    out, _ = capfd.readouterr()
    return code, {each["name"]: each for each in json.loads(out)["findings"]}, out


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("fault", "exit", "words"),
    [
        (Fault.RESET, UNREACHABLE, "cannot be reached: the connection broke off."),
        (Fault.CUT, UNREACHABLE, "cannot be reached: the connection broke off."),
        (Fault.GARBAGE, UNREACHABLE, "cannot be reached: what came back is not HTTP."),
        (Fault.PORTAL, REFUSED, "was answered with a web page, not with SCIM."),
        (Fault.ELSEWHERE, REFUSED, "which is not followed with a token."),
    ],
)
def test_a_fault_is_a_sentence_and_an_exit_code(
    net: Network, capfd: pytest.CaptureFixture[str], fault: Fault, exit: int, words: str
) -> None:
    check(net, capfd, fault, exit, words)


@pytest.mark.usefixtures("impatient")
def test_no_answer_at_all_is_a_sentence_and_an_exit_code(
    net: Network, capfd: pytest.CaptureFixture[str]
) -> None:
    words = "cannot be reached: no answer came in time."
    check(net, capfd, Fault.HALF_OPEN, UNREACHABLE, words)


def check(
    net: Network, capfd: pytest.CaptureFixture[str], fault: Fault, exit: int, words: str
) -> None:
    net.fault = fault
    code, ids, err = listed(capfd)
    assert (code, ids) == (exit, [])
    assert words in err
    assert "Traceback" not in err
    assert SECRET not in err
    code, found, out = doctor(capfd)
    assert code == 1
    bad = [each["name"] for each in found.values() if each["verdict"] in {"bad", "unknown"}]
    assert bad, out
    if fault in {Fault.RESET, Fault.HALF_OPEN, Fault.GARBAGE}:
        assert {"Answer", "Connection"} <= set(bad)
    assert SECRET not in out


@pytest.mark.usefixtures("config")
def test_a_break_in_the_middle_keeps_what_was_written_and_says_that_it_is_not_all(
    net: Network, capfd: pytest.CaptureFixture[str]
) -> None:
    net.spared, net.fault = 5, Fault.RESET
    code, ids, err = listed(capfd)
    assert (code, len(ids)) == (UNREACHABLE, 200)
    assert "broke off" in err
    net.fault = Fault.NONE
    code, ids, _ = listed(capfd)
    assert (code, len(ids)) == (0, PEOPLE)


@pytest.mark.usefixtures("config")
def test_a_lossy_line_is_borne(net: Network, capfd: pytest.CaptureFixture[str]) -> None:
    net.fault, net.every = Fault.RESET, 4
    code, ids, err = listed(capfd)
    assert (code, len(ids), err) == (0, PEOPLE, "")


@pytest.mark.usefixtures("config")
def test_doctor_finds_no_fault_on_a_good_line_and_says_what_the_server_supports(
    capfd: pytest.CaptureFixture[str],
) -> None:
    code, found, out = doctor(capfd)
    assert code == 0, out
    assert "PATCH yes" in found["Server says"]["evidence"]
    assert "by index" in found["Paging"]["evidence"]
    assert found["Not told"]["evidence"].startswith("ResourceTypes (404), Schemas (404): ")
    assert run(["profiles", "discovery", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["untold"] == {
        "ResourceTypes": "404",
        "Schemas": "404",
    }
    assert run(["profiles", "discovery", "local"]) == REFUSED
    assert "is not asked by SCIM" in capfd.readouterr().err


@contextmanager
def pointed_at(endpoint: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SCIM_TUI_CONFIG", raising=False)
        patch.setenv("SCIM_TUI_ENDPOINT", endpoint)
        patch.setenv("SCIM_TUI_TOKEN", SECRET)
        yield


def test_a_closed_port_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with directory() as port:
        pass
    with pointed_at(f"http://127.0.0.1:{port}/v2"):
        code, _, err = listed(capfd)
        assert code == UNREACHABLE
        assert "the connection was refused" in err
        assert doctor(capfd)[1]["Answer"]["verdict"] == "bad"


def test_a_name_that_is_not_known_is_reported(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pointed_at("https://scim.nowhere.example/v2"):
        code, _, err = listed(capfd)
        assert code == UNREACHABLE
        assert "its name is not known" in err
        assert doctor(capfd)[1]["DNS"]["verdict"] == "bad"


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6 loopback")
def test_ipv6_is_as_good(capfd: pytest.CaptureFixture[str]) -> None:
    with directory(host="::1") as port, pointed_at(f"http://[::1]:{port}/v2"):
        code, ids, _ = listed(capfd)
        assert (code, len(ids)) == (0, PEOPLE)
        code, found, out = doctor(capfd)
        assert code == 0, out
        assert found["DNS"]["evidence"].startswith("::1 is ::1")


def test_a_wrong_token_is_not_allowed(net: Network, capfd: pytest.CaptureFixture[str]) -> None:
    with pointed_at(net.endpoint), pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCIM_TUI_TOKEN", "another-one")
        code, _, err = listed(capfd)
        assert code == NOT_ALLOWED
        assert "who are you" in err
        assert "another-one" not in err


def test_no_file_of_another_machine_is_left(
    net: Network, place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pointed_at(net.endpoint):
        assert listed(capfd)[0] == 0
    kept = list((place / "data").rglob("discovery.json"))
    assert len(kept) == 1
    assert SECRET not in kept[0].read_text()
