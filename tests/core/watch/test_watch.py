"""The watch itself: its state on disk, its sinks, and what happens when they fail."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from scim_tui.config.profiles import Profile
from scim_tui.core.watch.lock import one_watch
from scim_tui.core.watch.rules import WatchRules
from scim_tui.core.watch.state import FILE, read_state
from scim_tui.core.watch.watch import Watch
from scim_tui.model.alert import Alert, AlertKind
from scim_tui.model.errors import Conflict, ScimTuiError, UsageError
from tests.core.fleet.test_fleet_look import opener, profile
from tests.fakes.memory import MemoryProvider
from tests.fakes.sample import START


class Post:
    """Sinks that note what they took, and refuse while they are down."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, AlertKind, str]] = []
        self.down: set[str] = set()

    async def send(self, sink: str, alert: Alert) -> None:
        if sink in self.down:
            raise ScimTuiError(f"{sink} answered 500.")
        self.taken.append((sink, alert.kind, alert.profile))


class Room:
    """A folder with one profile, a directory whose tokens can be taken away, and a clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, START
        self.provider = MemoryProvider.sample(users=9, groups=1, clock=lambda: self.now)
        self.provider.log = [each for each in self.provider.log if not each.refused]
        self.tokens = list(self.provider.access_tokens)
        self.post = Post()
        self.log: list[str] = []
        self.profile: Profile = profile(folder, "prod")

    def watch(self, sinks: tuple[str, ...] = ("a",), rules: WatchRules | None = None) -> Watch:
        return Watch(
            [self.profile],
            opener({"prod": self.provider}),
            self.post.send,
            sinks,
            rules or WatchRules(),
            self.folder,
            self.log.append,
            lambda: self.now,
        )

    async def look(self, watch: Watch, minutes: float = 1) -> None:
        self.now += timedelta(minutes=minutes)
        await watch.once()

    def breaks(self) -> None:
        self.provider.access_tokens = []

    def heals(self) -> None:
        self.provider.access_tokens = self.tokens


@pytest.fixture
def room(tmp_path: Path) -> Room:
    found = Room(tmp_path)
    found.provider.access_tokens = found.tokens = [
        each.model_copy(update={"expires_at": START + timedelta(days=300)}) for each in found.tokens
    ]
    return found


async def test_trouble_and_its_end_reach_each_sink_once(room: Room) -> None:
    watch = room.watch(("a", "b"))
    await room.look(watch)
    room.breaks()
    await room.look(watch)
    await room.look(watch)
    room.heals()
    await room.look(watch)
    trouble, well = AlertKind.TROUBLE, AlertKind.RECOVERY
    for sink in ("a", "b"):
        assert [kind for name, kind, _ in room.post.taken if name == sink] == [trouble, well]


async def test_a_restart_reports_nothing_twice(room: Room) -> None:
    room.breaks()
    await room.look(room.watch())
    await room.look(room.watch())
    assert len(room.post.taken) == 1


async def test_a_dead_sink_is_tried_again_and_holds_up_no_other(room: Room) -> None:
    watch = room.watch(("dead", "well"))
    room.post.down = {"dead"}
    room.breaks()
    await room.look(watch)
    assert [sink for sink, *_ in room.post.taken] == ["well"]
    assert "dead answered 500." in "\n".join(room.log)
    room.post.down = set()
    await room.look(room.watch(("dead", "well")), minutes=30)
    assert [sink for sink, *_ in room.post.taken] == ["well", "dead"]
    assert read_state(room.folder).outbox == ()


async def test_a_message_whose_attempt_was_cut_off_is_not_sent_again(room: Room) -> None:
    class Killed(BaseException):
        pass

    async def cut_off(sink: str, alert: Alert) -> None:
        raise Killed

    room.breaks()
    watch = room.watch()
    watch._send = cut_off
    with pytest.raises(Killed):
        await room.look(watch)
    await room.look(room.watch(), minutes=5)
    assert room.post.taken == []


async def test_quiet_hours_hold_back_what_is_over_by_their_end(room: Room) -> None:
    local = room.now.astimezone()
    quiet = ((local - timedelta(hours=1)).time(), (local + timedelta(hours=1)).time())
    watch = room.watch(rules=WatchRules(quiet=quiet))
    room.breaks()
    await room.look(watch)
    room.heals()
    await room.look(watch, minutes=90)
    assert room.post.taken == []
    room.breaks()
    await room.look(watch)
    assert len(room.post.taken) == 1


async def test_the_rate_limit_holds_back_and_sends_later(room: Room) -> None:
    watch = room.watch(rules=WatchRules(most_an_hour=2))
    for _ in range(3):
        room.breaks()
        await room.look(watch)
        room.heals()
        await room.look(watch)
    assert len(room.post.taken) == 2
    room.breaks()
    await room.look(watch, minutes=70)
    assert len(room.post.taken) == 3


async def test_nothing_is_sent_that_could_not_be_written_down(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    watch = room.watch()
    room.breaks()
    monkeypatch.setattr("scim_tui.core.watch.state.write_atomic", full)
    await room.look(watch)
    assert room.post.taken == []
    assert "No space left" in "\n".join(room.log)
    monkeypatch.undo()
    await room.look(watch)
    assert len(room.post.taken) == 1


def test_a_state_that_cannot_be_read_is_named(room: Room) -> None:
    (room.folder / FILE).write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        room.watch()


def test_two_watches_of_one_folder_exclude_each_other(tmp_path: Path) -> None:
    with (
        one_watch(tmp_path),
        pytest.raises(Conflict, match="Another scim-tui watch"),
        one_watch(tmp_path),
    ):
        pass


async def test_the_state_holds_no_name_and_no_address(room: Room) -> None:
    room.breaks()
    await room.look(room.watch())
    text = (room.folder / FILE).read_text()
    assert json.loads(text)["reported"]["prod"]["verdict"] == "failing"
    assert "example.com" not in text
