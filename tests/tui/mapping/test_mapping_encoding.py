"""The encoding of a file of people: that it was guessed is shown, and another can be named."""

from pathlib import Path

from tests.tui.mapping.test_mapping_files import answer
from tests.tui.stage import staged

RUSSIAN = """userName,givenName,familyName,displayName,email
ana@corp.example,Анна,Иванова,Анна Иванова,ana@corp.example
boris@corp.example,Борис,Петров,Борис Петров,boris@corp.example
"""


async def test_a_guess_is_shown_and_another_encoding_can_be_named(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_bytes(RUSSIAN.encode("cp1251"))
    facts = {"people_file": str(people)}
    async with staged(tmp_path / "data", facts=facts) as stage:
        await stage.press("3")
        await stage.sees("2 checked", "a guess: x names another")
        await answer(stage, "x", "Encoding", "klingon-8")
        await stage.sees("There is no encoding 'klingon-8'.")
        await stage.press("escape")
        await answer(stage, "x", "Encoding", "mac-cyrillic")
        await stage.until(lambda: "a guess" not in stage.text(), ["read anew"])
        await stage.sees("2 checked")
        await answer(stage, "x", "Encoding", "")
        await stage.sees("a guess: x names another")


async def test_other_people_are_guessed_anew(tmp_path: Path) -> None:
    people, others = tmp_path / "people.csv", tmp_path / "others.csv"
    people.write_bytes(RUSSIAN.encode("cp1251"))
    others.write_bytes(RUSSIAN.replace("ana@", "eva@").encode("cp1251"))
    async with staged(tmp_path / "data", facts={"people_file": str(people)}) as stage:
        await stage.press("3")
        await answer(stage, "x", "Encoding", "windows-1251")
        await stage.until(lambda: "a guess" not in stage.text(), ["read anew"])
        await answer(stage, "u", "Load people", str(others))
        await stage.sees("others.csv", "a guess: x names another")


async def test_without_a_file_there_is_nothing_to_read_anew(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        await stage.press("3", "x")
        await stage.sees("There is no file of people to read again")
