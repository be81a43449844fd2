"""`scim-tui serve`: how it starts, what it tells, what it refuses, and how it ends."""

import signal
import socket
import ssl
import stat
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from scim_tui.model.activity import Traffic
from scim_tui.model.provisioning import ProvisioningStatus
from scim_tui.service.store import folder, history, tokens
from scim_tui.service.store.store import Store
from tests.service.serve_kit import Served, first_line, rest_of, run_serve, served, started

PEM = Path(__file__).with_name("localhost.pem")


def status_in(data: Path) -> ProvisioningStatus:
    """The status as another process on the same folder sees it."""
    store = Store(folder.database(data))
    try:
        return folder.status(store.reader(), None)
    finally:
        store.close()


def traffic_in(data: Path) -> Traffic:
    store = Store(folder.database(data))
    try:
        return history.traffic(store.reader(), store.clock(), store.clock())
    finally:
        store.close()


def first_secret(service: Served) -> str:
    with service.admin() as admin:
        return str(admin.post("/tokens").json()["secret"])


def test_ready_is_one_line_with_all_a_program_needs(tmp_path: Path) -> None:
    with served(tmp_path / "data") as service:
        ready = service.ready
        assert list(ready) == ["scim_endpoint", "admin_endpoint", "tenant_id", "admin_key", "pid"]
        assert (ready["scim_endpoint"], ready["tenant_id"]) == (None, None)
        assert ready["pid"] == service.process.pid
        with service.admin() as admin:
            enabled = admin.post("/provisioning/enable").json()
            assert enabled["status"]["listening"] is True
            assert httpx.get(f"{ready['admin_endpoint']}/provisioning").status_code == 401
        base = ready["admin_endpoint"].removesuffix("/admin/v1")
        assert enabled["status"]["scim_endpoint"].startswith(f"{base}/")
        assert service.stop(signal.SIGTERM) == 0
        assert rest_of(service.process) == ("", "")


def test_enable_makes_no_token_and_the_key_is_shown_once(tmp_path: Path) -> None:
    with served(tmp_path, "--enable") as service:
        key, tenant_id = service.ready["admin_key"], service.ready["tenant_id"]
        assert service.ready["scim_endpoint"].endswith(f"/{tenant_id}/scim/v2")
        with service.admin() as admin:
            assert admin.get("/tokens").json() == {"tokens": []}
        service.stop(signal.SIGTERM)
    with served(tmp_path, "--enable") as service:
        assert service.ready["admin_key"] is None
        assert service.ready["tenant_id"] == tenant_id
        with service.admin(key) as admin:
            assert admin.get("/tokens").status_code == 200
    with served(tmp_path, "--new-admin-key") as service, service.admin() as admin:
        assert service.ready["admin_key"] not in (None, key)
        assert admin.get("/tokens").status_code == 200


def test_the_output_for_people_is_in_lines(tmp_path: Path) -> None:
    with started(tmp_path, "--enable") as process:
        assert "listening" in first_line(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        told, complained = rest_of(process)
    assert "/scim/v2" in told
    assert "Admin key" in told
    assert complained == ""


def test_the_data_is_for_its_owner_only(tmp_path: Path) -> None:
    with served(tmp_path / "deep" / "data", "--enable"):
        data = tmp_path / "deep" / "data"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in data.iterdir()} == {0o600}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_another_address_than_loopback_needs_tls_or_a_proxy(tmp_path: Path, host: str) -> None:
    ended = run_serve(tmp_path / "data", "--host", host, "--port", "0")
    assert ended.returncode == 2
    assert "not a loopback address" in ended.stderr
    assert "--behind-proxy" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_behind_a_proxy_any_address_will_do(tmp_path: Path) -> None:
    options = ("--host", "0.0.0.0", "--behind-proxy", "--public-url", "https://scim.example.test/")
    with served(tmp_path, "--enable", *options) as service:
        endpoint = f"https://scim.example.test/{service.ready['tenant_id']}/scim/v2"
        assert service.ready["scim_endpoint"] == endpoint
        assert status_in(tmp_path).scim_endpoint == endpoint


def test_tls(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(PEM.read_bytes())
    key.chmod(0o600)
    with served(tmp_path / "data", "--tls-cert", str(PEM), "--tls-key", str(key)) as service:
        url = service.ready["admin_endpoint"]
        assert url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=str(PEM))
        assert httpx.get(f"{url}/health", verify=trusting).json() == {"status": "ok"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_private_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    key = tmp_path / "key.pem"
    key.write_bytes(PEM.read_bytes())
    key.chmod(mode)
    link = tmp_path / "link.pem"
    link.symlink_to(key)
    tls = ("--tls-cert", str(PEM), "--tls-key", str(link))
    ended = run_serve(tmp_path / "data", "--port", "0", *tls)
    assert ended.returncode == 2
    assert f"The private key {link} can be" in ended.stderr
    assert f"chmod 600 {link}" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_a_key_that_is_none(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.touch(0o600)
    ended = run_serve(
        tmp_path / "data", "--port", "0", "--tls-cert", str(PEM), "--tls-key", str(key)
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "The certificate and its key cannot be used." in ended.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--tls-cert", str(PEM)),
        ("--tls-cert", "nowhere.pem", "--tls-key", "nowhere.pem"),
        ("--public-url", "example.com"),
        ("--public-url", ""),
        ("--public-url", "https://"),
        ("--public-url", "https:///scim"),
        ("--public-url", "ftp://scim.example.test"),
        ("--public-url", "https://ana:word@scim.example.test"),
        ("--public-url", "https://scim.example.test/?a=1"),
        ("--public-url", "https://scim.example.test/#a"),
        ("--public-url", "https://scim.example.test/?"),
        ("--public-url", "https://scim.example.test:99999"),
        ("--public-url", "https://scim example.test"),
        ("--public-url", "https://scim.exam\nple.test"),
        ("--port", "65536"),
        ("--port", "http"),
        ("--limits", "some"),
        ("--host", "198.51.100.1", "--behind-proxy"),
        ("--data", "/proc/nowhere"),
    ],
)
def test_settings_that_make_no_sense(tmp_path: Path, options: tuple[str, ...]) -> None:
    ended = run_serve(tmp_path, "--port", "0", *options)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run_serve(tmp_path, "--port", port)
    assert ended.returncode == 3
    assert f"127.0.0.1 port {port} is taken" in ended.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly_with_everything_written(
    tmp_path: Path, stop: signal.Signals
) -> None:
    with served(tmp_path, "--enable") as service:
        with service.scim(first_secret(service)) as idp:
            assert idp.get("/Users").status_code == 200
            assert status_in(tmp_path).listening is True
            assert service.stop(stop) == 0
        assert rest_of(service.process) == ("", "")
    store = Store(folder.database(tmp_path))
    [token] = tokens.listed(store.reader())
    record = store.reader().execute("SELECT value FROM meta WHERE key = 'listening'").fetchone()
    store.close()
    assert record == ("[]",)
    assert (token.requests, token.last_client) == (1, "test-idp/1")
    after = status_in(tmp_path)
    assert after.listening is False
    assert after.scim_endpoint == service.ready["scim_endpoint"]


def test_it_ends_in_time_with_a_request_under_way(tmp_path: Path) -> None:
    with served(tmp_path, "--enable") as service:
        secret = first_secret(service)
        url = urlsplit(service.ready["scim_endpoint"])
        with socket.create_connection(("127.0.0.1", url.port or 0)) as slow:
            head = (
                f"POST {url.path}/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n"
            )
            slow.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            with service.scim(secret) as idp:
                assert idp.get("/Users").status_code == 200
            service.process.send_signal(signal.SIGTERM)
            assert service.process.wait(8) == 0
    assert traffic_in(tmp_path).last_client == "test-idp/1"
    assert status_in(tmp_path).listening is False


def test_a_killed_service_is_not_taken_for_listening(tmp_path: Path) -> None:
    with served(tmp_path, "--enable") as service:
        service.stop(signal.SIGKILL)
    assert status_in(tmp_path).listening is False


def test_it_ends_with_its_parent_and_its_key_with_it(tmp_path: Path) -> None:
    with served(tmp_path, "--until-stdin-closes", "--enable") as service:
        assert service.process.stdin is not None
        with service.admin() as admin:
            assert admin.get("/tokens").status_code == 200
        with served(tmp_path) as other:
            assert other.ready["admin_key"] not in (None, service.ready["admin_key"])
            with other.admin(service.ready["admin_key"]) as admin:
                assert admin.get("/tokens").status_code == 401
            with service.admin(other.ready["admin_key"]) as admin:
                assert admin.get("/tokens").status_code == 200
        service.process.stdin.close()
        assert service.process.wait(20) == 0


def test_two_processes_on_one_folder(tmp_path: Path) -> None:
    with served(tmp_path, "--enable") as one, served(tmp_path) as two:
        with one.admin() as admin, two.admin(one.ready["admin_key"]) as other:
            made = admin.post("/tokens").json()
            with two.scim(made["secret"]) as idp:
                assert idp.get("/Users").status_code == 200
                assert admin.delete(f"/tokens/{made['token']['id']}").status_code == 204
                assert idp.get("/Users").status_code == 401
            assert other.get("/tokens").json() == {"tokens": []}
        two.stop(signal.SIGTERM)
        left = status_in(tmp_path)
        assert (left.listening, left.scim_endpoint) == (True, one.ready["scim_endpoint"])


@pytest.mark.parametrize(("limits", "throttled"), [("on", True), ("off", False)])
def test_the_published_rates_apply_by_default(tmp_path: Path, limits: str, throttled: bool) -> None:
    with (
        served(tmp_path, "--enable", "--limits", limits) as service,
        service.scim(first_secret(service)) as idp,
    ):
        answers = {idp.get("/ServiceProviderConfig").status_code for _ in range(150)}
    assert (429 in answers) is throttled


def test_it_reveals_nothing_about_itself_and_survives_malformed_requests(tmp_path: Path) -> None:
    with served(tmp_path) as service:
        port = urlsplit(service.ready["admin_endpoint"]).port or 0
        for rubbish in (b"\x16\x03\x01\x00\x00\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000):
            with socket.create_connection(("127.0.0.1", port), 5) as caller:
                caller.sendall(rubbish)
                assert caller.recv(12) == b"HTTP/1.1 400"
        answer = httpx.get(f"{service.ready['admin_endpoint']}/health")
        assert "server" not in answer.headers
        service.stop(signal.SIGTERM)
        assert rest_of(service.process) == ("", "")
