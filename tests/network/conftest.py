from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scim_tui.cli.main import run
from scim_tui.scim import limits
from tests.network.faults import SECRET, Network, network
from tests.network.listing_kit import Scim, Shown, Start
from tests.network.listing_server import Listings, serving


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own, no proxy, and no pause before a second try."""
    for name in ("PROFILE", "ENDPOINT", "TOKEN", "TOKEN_FILE", "CONFIG"):
        monkeypatch.delenv(f"SCIM_TUI_{name}", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(limits, "_FIRST_PAUSE", 0.001)
    return tmp_path


@pytest.fixture
def net() -> Iterator[Network]:
    with network() as found:
        yield found


@pytest.fixture
def config(place: Path, monkeypatch: pytest.MonkeyPatch, net: Network) -> Path:
    """A profile `far` that leads through the network."""
    token = place / "token"
    token.write_text(SECRET)
    token.chmod(0o600)
    path = place / "config.toml"
    path.write_text(
        'default_profile = "far"\n[profiles.far]\nprovider = "scim"\n'
        f'endpoint = "{net.endpoint}"\ntoken_file = "{token}"\ntimeout = 10.0\n'
    )
    path.chmod(0o600)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(path))
    return path


@pytest.fixture
def impatient(config: Path) -> None:
    """The profile gives up soon; only for what never answers, since a busy machine is slow, too."""
    give_up_after(config, 0.3)


def give_up_after(config: Path, seconds: float) -> None:
    config.write_text(config.read_text().replace("timeout = 10.0", f"timeout = {seconds}"))


@pytest.fixture
def start(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Start]:
    """Start a server, and give what runs commands against it."""
    with ExitStack() as stack:

        def begin(listings: Listings) -> Scim:
            stack.enter_context(serving(listings))
            config = place / "config.toml"
            config.write_text(
                'default_profile = "far"\n[profiles.far]\nprovider = "scim"\n'
                f'endpoint = "http://127.0.0.1:{listings.port}/v2"\n'
                'token_file = "' + str(place / "token") + '"\n'
            )
            (place / "token").write_text("a-secret")
            (place / "token").chmod(0o600)
            config.chmod(0o600)
            monkeypatch.setenv("SCIM_TUI_CONFIG", str(config))

            def call(*argv: str) -> Shown:
                capfd.readouterr()
                code = run(argv)
                out, err = capfd.readouterr()
                assert "Traceback" not in err
                return Shown(code, out, err)

            return call

        yield begin
