"""Asks the directory what a push of the person under the cursor would change."""

import asyncio
from collections.abc import Callable

from scim_tui.core.mapping.api import Result
from scim_tui.model.errors import ScimTuiError
from scim_tui.tui.mapping.lines import in_directory_only
from scim_tui.tui.mapping.state import DirectoryAnswer, MappingState
from scim_tui.tui.shell.page import Page

ASK_DELAY = 0.2
"""Seconds that the cursor has to rest on a person before the directory is asked."""


class DirectoryQuestion:
    """Sends one question at a time; stores the answer in the state, and draws it."""

    def __init__(
        self,
        page: Page,
        state: MappingState,
        person: Callable[[], int | None],
        draw: Callable[[], object],
    ) -> None:
        self._page, self._state = page, state
        self._person, self._draw = person, draw
        """The person under the cursor, and what draws the answer about it."""

    def ask(self, person: int, result: Result) -> None:
        """Ask about a person, unless the answer is there already."""
        if in_directory_only(result):
            self._state.answer = DirectoryAnswer(person)
        elif self._state.answer is None or self._state.answer.person != person:
            self._state.answer = None
            self._page.run_worker(
                self._ask(person), group="detail", exclusive=True, description="change"
            )

    def forget(self) -> None:
        """Drop the answer, as the directory has changed."""
        self._state.answer = None

    async def _ask(self, person: int) -> None:
        await asyncio.sleep(ASK_DELAY)
        preview = self._state.preview
        if preview is None or person != self._person():
            return
        try:
            answer = DirectoryAnswer(person, change=await preview.change(person))
        except ScimTuiError as error:
            answer = DirectoryAnswer(person, error=error)
        self._state.answer = answer
        if person == self._person() and preview is self._state.preview:
            self._draw()
