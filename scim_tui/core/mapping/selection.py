"""Selecting and walking through the outcome of a preview, without making payloads again."""

import bisect
from array import array

from scim_tui.core.mapping.results import Result, Results
from scim_tui.mapping.check.changes import ChangeKind
from scim_tui.model.errors import UsageError


class Walk:
    """The half of the preview that looks only at the few bytes kept of each person, or group."""

    _results: Results

    @property
    def given(self) -> int:
        """How many the files have; whoever comes after is in the directory only."""
        raise NotImplementedError

    def result(self, index: int) -> Result:
        """Everything about one of them."""
        raise NotImplementedError

    @property
    def checked(self) -> int:
        """How many there are results of, with those who are in the directory only."""
        return len(self._results)

    def label(self, index: int) -> str:
        """Who somebody checked is, without making the payload again."""
        label: str = self._results.labels[index]
        return label

    def codes(self, index: int) -> tuple[str, ...]:
        """Codes of the findings of somebody checked, without making the payload again."""
        return self._results.codes_of(index)

    def refused(self, index: int) -> bool:
        """Whether somebody checked would be refused."""
        return self._results.is_refused(index)

    def change_kind(self, index: int) -> ChangeKind | None:
        """What a push of somebody would do; None: not compared."""
        return self._results.kind(index)

    def failures(self) -> "array[int]":
        """Indexes of everybody who would be refused, ascending."""
        return self._results.refused

    def next_failure(self, index: int) -> int | None:
        """The first failure after an index; None: there is none."""
        refused = self._results.refused
        place = bisect.bisect_right(refused, index)
        return refused[place] if place < len(refused) else None

    def previous_failure(self, index: int) -> int | None:
        """The last failure before an index; None: there is none."""
        refused = self._results.refused
        place = bisect.bisect_left(refused, index)
        return refused[place - 1] if place else None

    def select(
        self, *, code: str = "", change: str = "", text: str = "", failures: bool = False
    ) -> "array[int]":
        """Indexes of everybody with a finding of this code, this change and this text in the name.

        Raises `UsageError` for a change that there is not.
        """
        if change and change not in set(ChangeKind):
            raise UsageError(f"There is no change {change!r}.", f"One of {', '.join(ChangeKind)}.")
        return self._results.select(code=code, change=change, text=text, failures=failures)
