"""Any bytes at all are survived by what makes keys of them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from scim_tui.tui.terminal.key_reader import KeyReader

PIECES = (
    b"\x1b",
    b"\x1b[",
    b"\x1b]",
    b"\x1b[200~",
    b"\x1b[<0;1;",
    b"\x1b[M",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[1114112u",
    b"\x1b[99999999999999u",
    b"\x1b[55296u",
    b"\x1b[1;;1114112u",
    b"\x1b[?2026;9$y",
    b"0",
    b";",
    b":",
    b"9" * 20,
    b"u",
    b"t",
    b"M",
    b"\xfc",
    b"\xe2\x82",
    b"\xf0\x9f\x91\xa9",
    b"\x00",
)
anything = st.lists(st.one_of(st.binary(max_size=12), st.sampled_from(PIECES)), max_size=12)


def goes_on(reader: KeyReader) -> None:
    """A key after all that is still a key; first an open paste, or a sequence, is ended."""
    tuple(reader.feed(b"z" * 40 + b"\x1b[201~"))
    assert [event.key for event in reader.feed(b"a") if isinstance(event, events.Key)] == ["a"]


@given(anything)
def test_any_bytes_in_any_pieces(pieces: list[bytes]) -> None:
    reader = KeyReader()
    for piece in pieces:
        tuple(reader.feed(piece))
        tuple(reader.tick())
    goes_on(reader)


@pytest.mark.parametrize("seed", range(8))
def test_many_bytes_one_by_one(seed: int) -> None:
    reader, chance = KeyReader(), random.Random(seed)
    for _ in range(4_000):
        piece = chance.choice(PIECES) if chance.random() < 0.3 else chance.randbytes(1)
        tuple(reader.feed(piece))
    goes_on(reader)


@pytest.mark.parametrize("piece", PIECES)
def test_each_odd_piece(piece: bytes) -> None:
    reader = KeyReader()
    tuple(reader.feed(piece))
    goes_on(reader)


def test_a_byte_that_is_not_utf_8_is_a_sign_of_its_own() -> None:
    keys = [event for event in KeyReader().feed(b"a\xfcb") if isinstance(event, events.Key)]
    assert [key.character for key in keys] == ["a", "\ufffd", "b"]
