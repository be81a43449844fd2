"""The base of every value that crosses a border of the program."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value; unknown fields of an answer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")
