"""The preview and the service agree on everybody: who is refused, and by which rule."""

import asyncio
from pathlib import Path

from benchmarks.prediction import compare


async def test_1500_broken_people_are_predicted_one_by_one(tmp_path: Path) -> None:
    matrix = await asyncio.to_thread(compare, tmp_path, 1_500)
    assert matrix.wrong == []
    assert sum(matrix.cells.values()) == 1_500
    refused = matrix.cells[True, True]
    assert 400 < refused < 1_200, "the people are neither all fine nor all broken"
    assert len(matrix.rules) > 15, "broken in many ways"
