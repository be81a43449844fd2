"""The parts of the Directory screen: what runs, and what Ctrl-C stops."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.worker import Worker

from scim_tui.tui.directory.job import Job
from scim_tui.tui.directory.screen import DirectoryPage
from scim_tui.tui.shell.messages import NOTHING_RUNS


async def nothing() -> None:
    """Work that is never begun: a coroutine that nothing awaits is a warning, and an error here."""


class FakeWorker:
    """A worker that runs until it is cancelled."""

    def __init__(self, group: str) -> None:
        self.group = group
        self.is_finished = self.is_cancelled = False

    def cancel(self) -> None:
        """Note it."""
        self.is_cancelled = True


class FakeRunner:
    """Starts fake workers; an exclusive one cancels the others of its group."""

    def __init__(self) -> None:
        self.workers: list[FakeWorker] = []

    def run_worker(
        self,
        work: Callable[[], Coroutine[Any, Any, Any]],
        *,
        group: str,
        description: str,
        exclusive: bool,
    ) -> Worker[Any]:
        """Note the worker; the coroutine is never made."""
        for each in self.workers:
            if exclusive and each.group == group:
                each.cancel()
        self.workers.append(FakeWorker(group))
        return cast("Worker[Any]", self.workers[-1])


class Part:
    """A part of the screen that is busy or idle."""

    def __init__(self, name: str, *, busy: bool) -> None:
        self.name, self.busy = name, busy

    def stop(self) -> str:
        """Say that it was stopped."""
        self.busy = False
        return f"Stopped {self.name}."


def test_a_job_that_was_stopped_is_not_busy_although_its_worker_still_ends() -> None:
    job = Job(FakeRunner(), "marks", "mark")
    busy = [job.busy]
    job.stop()
    job.start(nothing)
    busy.append(job.busy)
    job.stop()
    busy.append(job.busy)
    assert busy == [False, True, False]


def test_of_two_jobs_of_one_group_only_the_later_one_is_busy() -> None:
    runner = FakeRunner()
    search, server = Job(runner, "view", "filter"), Job(runner, "view", "filter")
    marks = Job(runner, "marks", "mark")
    for job in (marks, search, server):
        job.start(nothing)
    assert (marks.busy, search.busy, server.busy) == (True, False, True)


def test_ctrl_c_stops_the_first_busy_part_and_only_that_one() -> None:
    page = DirectoryPage()
    page._stoppable = (
        Part("writing", busy=False),
        Part("counting", busy=True),
        Part("listing", busy=True),
    )
    assert page.stop() == "Stopped counting."
    assert page.stop() == "Stopped listing."
    assert page.stop() == NOTHING_RUNS
