"""Rules beside the columns of the people at hand: which column is named and not there."""

from collections.abc import Collection
from dataclasses import dataclass

from scim_tui.mapping.near import nearest
from scim_tui.mapping.rules import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Missing:
    """A rule names a column that the people do not have."""

    rule: Rule
    column: str
    near: str
    """The column that was probably meant; empty: none is near."""

    @property
    def message(self) -> str:
        """What is wrong, and the nearest column."""
        hint = f" Did you mean {self.near}?" if self.near else ""
        where = f"Rule {self.rule.target.text} (line {self.rule.line})"
        return f"{where}: there is no column {self.column}.{hint}"


def missing_columns(rules: RuleSet, columns: Collection[str]) -> tuple[Missing, ...]:
    """Rules that can give nobody a value, as none of their columns is there."""
    known = frozenset(columns)
    found = []
    for rule in rules.rules:
        if rule.source and rule.source.fields and not rule.source.fields & known:
            named = [(column, nearest(column, known)) for column in sorted(rule.source.fields)]
            column, near = next((pair for pair in named if pair[1]), named[0])
            found.append(Missing(rule, column, near))
    return tuple(found)
