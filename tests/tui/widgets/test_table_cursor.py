"""Whatever rows come and go, the cursor stays on its row, in sight, on its line if it can."""

import random

import pytest

from tests.tui.widgets.table_kit import people, shown, source, text


@pytest.mark.parametrize("size", [(60, 11), (24, 12)])
async def test_the_cursor_stays_on_its_row(size: tuple[int, int]) -> None:
    chance = random.Random(7)
    everybody = people(400)
    async with shown(everybody[:40], size) as (table, pilot):
        here = set(everybody[:40])
        for _ in range(150):
            table.go_to(chance.randrange(len(here) or 1))
            before = table.current
            here ^= set(chance.sample(everybody, chance.randint(1, 30)))
            table.show(source(sorted(here)))
            if before in here:
                assert table.current == before
            elif here:
                assert table.current in here
            assert not here or any(line.startswith(f"› {table.current}") for line in text(table))
        await pilot.pause()
