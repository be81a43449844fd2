"""The base class of values that are read from or written to JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from scim_tui.model.unknown_values import Absent

Words = Annotated[Absent | str, Field(union_mode="left_to_right")]
"""`absent.Words` in a value that is sent as JSON: "unknown" and "never" stay what they were."""


class Value(BaseModel):
    """An immutable value; unknown fields of an answer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
