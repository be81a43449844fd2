"""The type of a JSON object, as a parser gives it."""

from typing import Any

JsonObject = dict[str, Any]
