"""Filters the results of a preview without computing payloads again."""

import bisect
from array import array
from dataclasses import dataclass
from typing import Protocol

from scim_tui.core.mapping.results import Result, Results
from scim_tui.mapping.check.changes import ChangeKind
from scim_tui.model.errors import UsageError


class CheckedRun(Protocol):
    """The people, or the groups, of one run."""

    results: Results

    def __len__(self) -> int:
        """How many the files have; those with a higher index are in the directory only."""
        ...

    def result(self, index: int) -> Result:
        """Everything about one of them."""
        ...


@dataclass(frozen=True, slots=True)
class ResultSelection:
    """The results of the people, or of the groups, of one run."""

    run: CheckedRun

    @property
    def given(self) -> int:
        """How many the files have; those with a higher index are in the directory only."""
        return len(self.run)

    @property
    def checked(self) -> int:
        """How many have a result, including those that are in the directory only."""
        return len(self.run.results)

    def result(self, index: int) -> Result:
        """Everything about one of them; the payload is computed again."""
        return self.run.result(index)

    def label(self, index: int) -> str:
        """The name of one; text from outside."""
        return self.run.results.label(index)

    def codes(self, index: int) -> tuple[str, ...]:
        """Codes of the findings of one."""
        return self.run.results.codes_of(index)

    def refused(self, index: int) -> bool:
        """Whether the directory would refuse one."""
        return self.run.results.is_refused(index)

    def change_kind(self, index: int) -> ChangeKind | None:
        """What a push of one would do; None: not compared with a directory."""
        return self.run.results.kind(index)

    def failures(self) -> "array[int]":
        """Indexes of all who would be refused, ascending."""
        return self.run.results.refused

    def next_failure(self, index: int) -> int | None:
        """The first failure after an index; None: there is none."""
        refused = self.run.results.refused
        place = bisect.bisect_right(refused, index)
        return refused[place] if place < len(refused) else None

    def previous_failure(self, index: int) -> int | None:
        """The last failure before an index; None: there is none."""
        refused = self.run.results.refused
        place = bisect.bisect_left(refused, index)
        return refused[place - 1] if place else None

    def select(
        self, *, code: str = "", change: str = "", text: str = "", failures: bool = False
    ) -> "array[int]":
        """Indexes of all with a finding of this code, this kind of change, this text in the name.

        Raises `UsageError` for an unknown kind of change.
        """
        if change and change not in set(ChangeKind):
            raise UsageError(f"There is no change {change!r}.", f"One of {', '.join(ChangeKind)}.")
        return self.run.results.select(code=code, change=change, text=text, failures=failures)
