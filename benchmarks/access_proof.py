"""Access in Identity Center against brute force over moto; predicted loss against what is lost."""

import logging
import os
import tempfile
import time
from pathlib import Path

from benchmarks.report import Report
from tests.aws.access_kit import Size, random_world
from tests.aws.standin import ENVIRONMENT, stand_in
from tests.aws.test_access import opened, read_all
from tests.aws.test_access_proof import SMALL, differences, lose
from tests.aws.world import world

WHOLE = Size(people=5_000, groups=300, accounts=100, sets=30, pairs=1_000)


async def prove(report: Report, *, quick: bool) -> None:
    """Count the differences for every person, group, account and set."""
    size, changed = (SMALL, 8) if quick else (WHOLE, 50)
    report.title("Access against brute force", str(size))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # It prints each request.
    started = time.perf_counter()
    with stand_in() as aws, tempfile.TemporaryDirectory() as folder:
        os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=aws.url)
        async with world(aws, Path(folder)) as here, opened(here) as (access, directory):
            there = await random_world(here, size, seed=11)
            await read_all(access, directory)
            ways = len(there.ways())
            report.at_most(f"differences in {ways:,} ways", await differences(there, access), 0, "")
            predicted, seen = await lose(here, there, access, directory, changed)
            lost = {each.user_id: set(each.grants) for each in predicted.people if each.lost}
            report.at_most(
                f"differences in {predicted.count:,} predicted losses",
                sum(len(lost.get(each, set()) ^ seen.get(each, set())) for each in {*lost, *seen}),
                0,
                "",
            )
            report.at_most("differences afterwards", await differences(there, access), 0, "")
    print(f"   {time.perf_counter() - started:.0f} s")
