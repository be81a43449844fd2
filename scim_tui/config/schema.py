"""The config file as JSON Schema."""

from typing import Any

from scim_tui.config.keys import (
    IN_FILE,
    KEYS,
    MOST_HOURS,
    MOST_SECONDS,
    PROOFS,
    SPAN_PATTERN,
    WATCH,
    Span,
)
from scim_tui.config.thresholds import THRESHOLDS, threshold_schema
from scim_tui.config.watch import watch_schema


def schema() -> dict[str, Any]:
    """The config file as JSON Schema 2020-12, for editors that check TOML while it is typed."""
    names = {bool: "boolean", str: "string", float: "number", Span: "string"}
    keys: dict[str, Any] = {
        name: {"type": names[key.kind], "description": key.meaning} for name, key in KEYS.items()
    }
    keys["provider"]["enum"] = list(IN_FILE)
    keys["proof"]["enum"] = list(PROOFS)
    keys["expect"]["enum"] = ["on", "off"]
    keys[THRESHOLDS] = threshold_schema()
    keys["timeout"] |= {"exclusiveMinimum": 0, "maximum": MOST_SECONDS}
    # A number of minutes, as older files have it, is read as well.
    keys["idp_cycle"] |= {"type": ["string", "number"], "pattern": f"^{SPAN_PATTERN}$"}
    keys["idp_cycle"] |= {"exclusiveMinimum": 0, "maximum": 60 * MOST_HOURS}
    profile = {"type": "object", "additionalProperties": False, "properties": keys}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The config file of scim-tui",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "default_profile": {"type": "string", "description": "Used when none is named."},
            WATCH: watch_schema(),
            "profiles": {"type": "object", "additionalProperties": profile},
        },
    }
