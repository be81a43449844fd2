"""Reads a mapping in any supported format, which is recognised by the content.

TOML is our own format. JSON is an export of an IdP: a synchronization schema of Entra ID, or a
profile mapping of Okta.
"""

import json

from scim_tui.mapping.base.errors import BadMapping
from scim_tui.mapping.rules.rules import RuleSet, parse_rules

ENTRA = "entra:"
"""The prefix of an Entra ID app, in place of a file of rules."""
MAX_BYTES = 16 * 1024 * 1024
"""A schema of Entra ID is a few thousand lines."""


def read_mapping(text: str, name: str) -> RuleSet:
    """The rules in a text. Raises `BadMapping` naming file, line and column."""
    if not text.lstrip().startswith(("{", "[{", "[\n", "[\r", "[ ")):
        return parse_rules(text, name)
    # Most mappings are TOML; the parsers of both formats below take a megabyte of memory.
    from scim_tui.mapping.idp_rules.entra import is_schema, rules_of_schema
    from scim_tui.mapping.idp_rules.okta import is_profile_mapping, rules_of_mapping

    document = _json(text, name)
    if is_schema(document):
        return rules_of_schema(document, text, name)
    mappings = document if isinstance(document, list) else [document]
    if found := next((one for one in mappings if is_profile_mapping(one)), None):
        return rules_of_mapping(found, text, name)
    raise BadMapping(
        name,
        1,
        "The JSON is neither a schema of Entra ID nor a mapping of Okta.",
        "Save the answer of jobs/{id}/schema (Graph) or of api/v1/mappings/{id} (Okta).",
    )


def _json(text: str, name: str) -> object:
    """A JSON document. Raises `BadMapping` with line and column."""
    try:
        document: object = json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"Invalid JSON: {error.msg}."
        raise BadMapping(name, error.lineno, problem, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise BadMapping(name, 1, "The JSON is nested too deep, or a number too long.") from error
    return document
