"""`scim-tui status --short`: quick enough for a prompt, and right as the whole config is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scim_tui.config.chosen import chosen
from scim_tui.config.profiles import load_profiles

CONFIG = """
default_profile = "prod"
[profiles.prod]
provider = "local"
expect = "off"
[profiles.elsewhere]
data_dir = "~/elsewhere"
[profiles.local]
expect = "off"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG)
    file.chmod(0o600)
    monkeypatch.setenv("SCIM_TUI_CONFIG", str(file))
    monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SCIM_TUI_PROFILE", raising=False)
    monkeypatch.delenv("SCIM_TUI_ENDPOINT", raising=False)
    return file


@pytest.mark.parametrize("name", [None, "prod", "elsewhere", "local"])
def test_the_quick_reader_agrees_with_the_whole_config(config: Path, name: str | None) -> None:
    quick, whole = chosen(name), load_profiles().choose(name)
    assert quick is not None
    assert quick == (whole.name, str(whole.data_dir), whole.expect_off)


@pytest.mark.parametrize("platform", ["XDG", "variable"])
def test_it_finds_the_folders_of_the_platform(
    platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SCIM_TUI_CONFIG", "SCIM_TUI_DATA_DIR", "SCIM_TUI_ENDPOINT", "SCIM_TUI_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    if platform == "variable":
        monkeypatch.setenv("SCIM_TUI_DATA_DIR", str(tmp_path / "data"))
    quick, whole = chosen(), load_profiles().choose()
    assert quick is not None
    assert quick.data_dir == str(whole.data_dir)


@pytest.mark.parametrize("text", ["[profiles.prod", "[profiles]\nprod = 1", "default_profile = 1"])
def test_what_it_cannot_read_is_left_to_the_whole_config(config: Path, text: str) -> None:
    config.write_text(text)
    assert chosen("prod") is None


def test_it_loads_no_library_and_no_slow_module(config: Path) -> None:
    code = (
        "import sys\nsys.argv = ['scim-tui', 'status', '--short']\n"
        "from scim_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n"
        "    print(end.code, *sorted(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )
    line, modules = done.stdout.splitlines()
    assert line == "prod ? never looked at: scim-tui status"
    code_of, *names = modules.split()
    assert code_of == "3"
    slow = {"asyncio", "argparse", "dataclasses", "inspect", "pydantic", "httpx", "subprocess"}
    assert slow & {name.partition(".")[0] for name in names} == set()
    assert "scim_tui.config.profiles" not in names


def test_a_pipe_without_a_reader_is_no_error(config: Path) -> None:
    """As in a prompt that cuts the line off."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scim_tui", "status", "--short"],
            stdout=write,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (3, b"")
