"""Which modules may import which, and what a value shows of a secret."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

import scim_tui
from scim_tui.model.provisioning import (
    AccessToken,
    Enabled,
    NewToken,
    ProvisioningState,
    ProvisioningStatus,
)

ROOT = Path(__file__).parents[2]
HUSH = "hush-hush-secret"
FIRST_FRAME = (
    "model.errors",
    "model.unknown_values",
    "model.expiry",
    "model.capabilities",
    "model.ages",
    "model.escaping",
)


@pytest.mark.parametrize("config", ["pyproject.toml", "siblings.toml"])
def test_imports_obey_the_contracts(config: str) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), config, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", FIRST_FRAME)
def test_what_the_first_frame_needs_is_the_standard_library(name: str) -> None:
    code = (
        f"import sys, scim_tui.{name}\n"
        "heavy = {'pydantic', 'httpx', 'textual', 'rich', 'orjson'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("show", [repr, str])
def test_no_value_shows_a_secret(show: object) -> None:
    assert callable(show)
    made = NewToken(token=AccessToken(id="tok-1"), secret=SecretStr(HUSH))
    enabled = Enabled(status=ProvisioningStatus(state=ProvisioningState.ENABLED), first_token=made)
    for value in (made, enabled, [made], {"made": made}):
        assert HUSH not in show(value)
    assert HUSH not in made.model_dump_json()


def test_no_provider_shows_its_token() -> None:
    from scim_tui.providers.scim.provider import ScimProvider
    from scim_tui.providers.service import ServiceProvider

    secret = SecretStr(HUSH)
    for provider in (
        ServiceProvider("http://127.0.0.1:9/admin/v1", secret),
        ScimProvider("http://127.0.0.1:9/t/scim/v2", secret),
    ):
        assert HUSH not in repr(provider)
        assert HUSH not in repr(vars(provider))


def test_every_module_says_what_it_is_for() -> None:
    missing = []
    for module in pkgutil.walk_packages(scim_tui.__path__, "scim_tui."):
        spec = module.module_finder.find_spec(module.name, None)
        source = Path(str(spec and spec.origin)).read_text(encoding="utf-8")
        if not source.startswith(('"""', "# ")):
            missing.append(module.name)
    assert missing == []


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "scim_tui").rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert long == {}


def test_every_deadline_lets_a_cancellation_through() -> None:
    """`asyncio.wait_for` of Python 3.11 loses one that comes with the result: use `timeout`."""
    losing = re.compile(r"asyncio\.wait_for\(|from asyncio import .*\bwait_for\b")
    found = {
        str(path.relative_to(ROOT))
        for folder in ("scim_tui", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if losing.search(path.read_text(encoding="utf-8"))
    }
    assert found == set()
