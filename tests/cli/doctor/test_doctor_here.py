"""What `doctor` says about a terminal it is shown."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scim_tui.cli.main import run
from scim_tui.config.profiles import Profile
from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.core.doctor import files
from scim_tui.core.doctor.terminal import terminal
from scim_tui.model.checkup import Finding

SETTINGS = (
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TMUX",
    "STY",
)


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 by 24 without any setting."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")


def seen(monkeypatch: pytest.MonkeyPatch, **settings: str) -> dict[str, Finding]:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return {each.name: each for each in terminal()}


def test_a_good_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    found = seen(monkeypatch, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8")
    marks = {name: each.mark for name, each in found.items() if name != "Clipboard"}
    assert set(marks.values()) == {"[ok]"}
    assert found["Size"].evidence == "80x24"
    assert found["Colour"].evidence == "16 million"


@pytest.mark.parametrize(
    ("settings", "name", "mark", "evidence"),
    [
        ({"TERM": "dumb"}, "Terminal", "[!!]", "dumb"),
        ({}, "Terminal", "[!!]", "not set"),
        ({"NO_COLOR": "1"}, "Colour", "[ok]", "NO_COLOR"),
        ({"TERM": "tmux-256color"}, "Colour", "[ok]", "256"),
        ({"COLUMNS": "50"}, "Size", "[!!]", "50x24"),
        ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "Letters", "[ !]", "LC_ALL is C"),
        ({"SSH_TTY": "/dev/pts/1"}, "Link", "[ !]", "without tmux"),
        ({"SSH_TTY": "/dev/pts/1", "TMUX": "x"}, "Link", "[ok]", "inside tmux"),
        ({"STY": "x"}, "Clipboard", "[ !]", "GNU screen"),
        ({}, "Clipboard", "[ ?]", "OSC 52"),
    ],
)
def test_what_could_be_better(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], name: str, mark: str, evidence: str
) -> None:
    monkeypatch.setenv("PATH", "")
    found = seen(monkeypatch, **settings)[name]
    assert (found.mark, evidence in found.evidence) == (mark, True), found
    assert found.fix or mark == "[ok]"


@pytest.mark.parametrize(
    ("setting", "mark"), [("external", "[ok]"), ("on", "[ok]"), ("off", "[!!]"), (None, "[ ?]")]
)
def test_tmux_is_asked(
    monkeypatch: pytest.MonkeyPatch, place: Path, setting: str | None, mark: str
) -> None:
    if setting is not None:
        tmux = place / "tmux"
        tmux.write_text(f"#!/bin/sh\necho {setting}\n")
        tmux.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))
    assert seen(monkeypatch, TMUX="x")["Clipboard"].mark == mark


def test_a_pipe_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    found = seen(monkeypatch)
    assert {found["Terminal"].mark, found["Size"].mark} == {"[--]"}


def marks(found: Iterable[Finding]) -> dict[str, str]:
    return {each.name: each.mark for each in found}


def of(folder: Path, **more: Any) -> Profile:  # noqa: ANN401 - keys of a profile
    return Profile(name="lab", provider="scim", data_dir=folder, **more)


def test_files_and_folders(place: Path) -> None:
    assert marks(files.data(of(place / "none"))) == {"Data folder": "[--]"}
    private = place / "private"
    private.mkdir(mode=0o700)
    assert marks(files.data(of(private))) == {"Data folder": "[ok]", "Data files": "[--]"}
    (private / "audit.jsonl").touch(0o600)
    assert marks(files.data(of(private)))["Data files"] == "[ok]"
    (private / "index.db").touch(0o644)
    (loose,) = (each for each in files.data(of(private)) if each.name == "Data files")
    assert (loose.mark, "index.db" in loose.evidence, "chmod 600" in loose.fix) == (
        "[!!]",
        True,
        True,
    )
    assert marks(files.data(of(private / "audit.jsonl" / "x"))) == {"Data folder": "[!!]"}
    private.chmod(0o755)
    assert marks(files.data(of(private)))["Data folder"] == "[!!]"


def test_the_config_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert marks(files.config()) == {"Config file": "[--]"}
    config = place / "c.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    (missing,) = files.config()
    assert (missing.mark, "not needed" in missing.evidence) == ("[!!]", False)
    for mode, mark in ((0o644, "[ok]"), (0o666, "[!!]"), (0o600, "[ok]")):
        config.touch()
        config.chmod(mode)
        assert marks(files.config()) == {"Config file": mark}, oct(mode)
    place.chmod(0o777)
    assert marks(files.config()) == {"Config file": "[!!]"}
    place.chmod(0o700)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config / "below"))
    assert marks(files.config()) == {"Config file": "[!!]"}


def test_places_of_secrets_are_reported_and_not_read(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = place / "token"
    token.write_text("hush")
    for mode, mark in ((0o600, "[ok]"), (0o640, "[!!]")):
        token.chmod(mode)
        assert marks(
            files.secrets(of(place, token=SecretSource(SecretPlace.FILE, str(token))))
        ) == {"Token place": mark}
    command = SecretSource(SecretPlace.COMMAND, "vault read -token=hush x")
    (found,) = files.secrets(of(place, admin_key=command))
    assert (found.name, found.mark, "hush" in found.evidence) == ("Key place", "[ok]", False)
    here = of(place, token=SecretSource(SecretPlace.ENV, "NO_SUCH_TOKEN"))
    assert marks(files.secrets(here)) == {"Token place": "[!!]"}
    monkeypatch.setenv("NO_SUCH_TOKEN", "hush")
    assert marks(files.secrets(here)) == {"Token place": "[ok]"}
    assert marks(files.secrets(of(place, client_cert=token))) == {"Client key": "[!!]"}


def test_doctor_runs_in_a_real_process(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scim_tui", "doctor"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TERM": "xterm"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "which was never started" in done.stdout
    assert not (place / "data").exists(), "looking makes nothing"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize("name", ["command", "variable"])
def test_doctor_shows_no_secret(
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    name: str,
    form: tuple[str, ...],
) -> None:
    """A server that quotes what it refuses, a command with a password, a proxy with one."""
    secret, password = "hush-hush-hush-hush", "vault-pass-word"
    config = place / "c.toml"
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))
    monkeypatch.setenv("TOK", secret)
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{password}@proxy.example:3128")
    with quoting() as endpoint:
        config.write_text(
            f"[profiles.command]\nprovider='scim'\nendpoint='{endpoint}'\n"
            f"token_command=\"sh -c 'echo {secret}' {password}\"\n"
            f"[profiles.variable]\nprovider='scim'\nendpoint='{endpoint}'\ntoken_env='TOK'\n"
        )
        code = run(["doctor", "--profile", name, *form])
    told = "".join(capfd.readouterr())
    assert (code, "no: Bearer (the secret)" in told) == (1, True), told
    assert (secret in told, password in told) == (False, False), told


@contextmanager
def quoting() -> Iterator[str]:
    """A server that answers 401 and says what it was shown."""

    class Quoting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"detail": f"no: {self.headers.get('Authorization')}"}).encode()
            self.send_response(401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who asked may be gone
                self.wfile.write(b"" if self.command == "HEAD" else body)
                self.wfile.flush()

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Quoting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/scim/v2"
        finally:
            server.shutdown()
