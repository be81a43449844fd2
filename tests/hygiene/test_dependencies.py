"""What may be installed with this program: nothing with a hole that is known and mended."""

import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
HOLES = {
    "starlette": {
        "0.47.1": "CVE-2025-54121",
        "0.49.0": "CVE-2025-62727",
        "1.0.0": "CVE-2026-48710",
        "1.2.1": "PYSEC-2026-248",
        "1.3.0": "limits of the form parser",
    },
    "h11": {"0.15.0": "CVE-2025-43859"},
    "orjson": {"3.9.14": "CVE-2024-27454", "3.11.5": "CVE-2025-67221"},
    "idna": {"3.6": "CVE-2024-3651", "3.14": "CVE-2026-45409"},
    "pydantic": {"2.3.0": "CVE-2024-3772"},
    "httpx": {"0.22.0": "CVE-2021-41945"},
    "uvicorn": {"0.11.6": "CVE-2020-7694"},
    "aiohttp": {"3.14.2": "CVE-2026-69244"},
    "urllib3": {"2.6.2": "CVE-2026-21441", "2.6.3": "CVE-2026-44431"},
}
"""The newest release that has each of them."""


def requirements() -> dict[str, Requirement]:
    extras = [text for extra in ("aws", "keyring", "qr") for text in _extra(extra)]
    found = [Requirement(text) for text in (*PROJECT["dependencies"], *extras)]
    return {each.name: each for each in found}


def _extra(name: str) -> list[str]:
    return list(PROJECT["optional-dependencies"][name])


@pytest.mark.parametrize("name", HOLES)
def test_no_release_with_a_known_hole_will_do(name: str) -> None:
    wanted = requirements()[name]
    for release, hole in HOLES[name].items():
        assert release not in wanted.specifier, f"{name} {release} has {hole}"


@pytest.mark.parametrize("name", requirements())
def test_what_is_installed_will_do(name: str) -> None:
    assert version(name) in requirements()[name].specifier


@pytest.mark.parametrize("name", requirements())
def test_every_dependency_has_both_bounds(name: str) -> None:
    signs = {each.operator for each in requirements()[name].specifier}
    assert signs == {"=="} or {">=", "<"} <= signs
