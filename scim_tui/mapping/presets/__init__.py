"""The rules that come with the program, as TOML files in this package."""

from dataclasses import replace
from importlib import resources

from scim_tui.mapping.rules.rules import RuleSet, parse_rules
from scim_tui.model.errors import UsageError

PREFIX = "preset:"
"""The prefix of a preset, in place of a file."""
DEFAULT = "identity-center"


def preset_names() -> tuple[str, ...]:
    """Every preset, by name, the default first."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    names = {name.removesuffix(".toml") for name in files if name.endswith(".toml")}
    return (DEFAULT, *sorted(names - {DEFAULT}))


def preset_text(name: str) -> str:
    """The TOML of a preset, to be read or copied. Raises `UsageError` when there is none."""
    if name not in preset_names():
        known = ", ".join(preset_names())
        raise UsageError(f"There is no preset {name!r}.", f"There are {known}.")
    return resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8")


def preset(name: str) -> RuleSet:
    """The rules of a preset. Raises `UsageError` when there is none."""
    return replace(parse_rules(preset_text(name), PREFIX + name), idp=name)
