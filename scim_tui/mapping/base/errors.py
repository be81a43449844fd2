"""Errors in files of people or rules, with their place."""

from scim_tui.model.errors import UsageError


class BadPeople(UsageError):
    """A file of people that cannot be read; names file and line."""

    def __init__(self, name: str, line: int, problem: str, hint: str = "") -> None:
        super().__init__(f"{name}, line {line}: {problem}", hint)
        self.line = line


class BadMapping(UsageError):
    """A file of rules that cannot be used; names file, line, column and rule where known."""

    def __init__(
        self,
        name: str,
        line: int,
        problem: str,
        hint: str = "",
        *,
        column: int | None = None,
        rule: str = "",
    ) -> None:
        where = f"{name}, line {line}" + (f", column {column}" if column else "")
        super().__init__(f"{where}{f', rule {rule}' if rule else ''}: {problem}", hint)
        self.line = line
        self.column = column
        self.rule = rule
