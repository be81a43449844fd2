"""The preview beside the service: 20,000 people predicted, then really sent over TCP.

Prints who was predicted to be refused and who was, and whether the same rule was named.
"""

import asyncio
import http.client
import json
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from benchmarks.broken import RULES, Person, broken_people
from scim_tui.core.mapping.api import MappingPreview
from scim_tui.mapping.check.findings import Severity
from scim_tui.providers.service import ServiceProvider
from scim_tui.service.store.folder import database
from scim_tui.service.store.store import Store

SEED = 20260304


@dataclass
class Matrix:
    """What was predicted beside what happened."""

    cells: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    """(predicted, happened): refused or not."""
    wrong: list[tuple[int, str, str, str]] = field(default_factory=list)
    """(person, predicted rule, rule of the service, payload) where they differ."""
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, index: int, predicted: str, happened: str, payload: str) -> None:
        """Take in one person."""
        self.cells[bool(predicted), bool(happened)] += 1
        self.rules[happened] += 1
        if predicted != happened:
            self.wrong.append((index, predicted, happened, payload[:300]))

    def print(self) -> None:
        """As a table."""
        cells = self.cells
        print("                     taken   refused  by the service")
        print(f"predicted taken    {cells[False, False]:>7,}   {cells[False, True]:>7,}")
        print(f"predicted refused  {cells[True, False]:>7,}   {cells[True, True]:>7,}")
        print(
            f"false accepts {cells[False, True]}, false refusals {cells[True, False]},"
            f" another rule named {len(self.wrong)},"
            f" rules met {len(self.rules) - 1}"
        )
        for index, predicted, happened, payload in self.wrong[:10]:
            print(f"  person {index}: predicted {predicted!r}, was {happened!r}: {payload!r}")


async def predicted(folder: Path, people: list[Person]) -> tuple[list[str], list[bytes]]:
    """The first rule that each person breaks, or empty, and what would be sent."""
    text = json.dumps(people, ensure_ascii=False)
    (folder / "people.json").write_text(text, "utf-8", "backslashreplace")
    (folder / "rules.toml").write_text(RULES)
    preview = MappingPreview()
    await preview.load_people(folder / "people.json")
    await preview.load_mapping(folder / "rules.toml")
    await preview.run()
    codes, bodies = [], []
    for index in range(len(people)):
        result = preview.result(index)
        worst = (each.code for each in result.findings if each.severity is Severity.ERROR)
        codes.append(next(worst, ""))
        bodies.append(written(dict(result.payload.user)))
    return codes, bodies


def written(user: Person) -> bytes:
    """JSON in UTF-8; half a pair stays what it is, and is no UTF-8."""
    text = json.dumps(user, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def sent(folder: Path, bodies: list[bytes]) -> list[str]:
    """The rule by which the service refused each, as its events tell; everything over TCP."""
    command = [
        sys.executable,
        "-m",
        "scim_tui",
        "serve",
        "--data",
        str(folder),
        "--port",
        "0",
        "--ready-json",
        "--limits",
        "off",
        "--enable",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            secret = asyncio.run(_token(ready)).get_secret_value()
            _post_all(ready["scim_endpoint"], secret, bodies)
        finally:
            process.terminate()
    with closing(Store(database(folder))) as store:
        rows = store.reader().execute(
            "SELECT violated FROM events WHERE operation = 'CreateUser' ORDER BY id"
        )
        return [row[0] for row in rows]


async def _token(ready: dict[str, str]) -> SecretStr:
    provider = ServiceProvider(ready["admin_endpoint"], SecretStr(ready["admin_key"]))
    try:
        return (await provider.create_token()).secret
    finally:
        await provider.aclose()


def _post_all(endpoint: str, secret: str, bodies: list[bytes]) -> None:
    parts = urlsplit(endpoint)
    assert parts.port
    head = {"Authorization": f"Bearer {secret}", "Content-Type": "application/scim+json"}
    path = parts.path.rstrip("/") + "/Users"
    with closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)) as wire:
        for body in bodies:
            wire.request("POST", path, body, head)
            answer = wire.getresponse()
            said = answer.read()
            assert answer.status < 500, said


def compare(folder: Path, count: int, seed: int = SEED) -> Matrix:
    """Predict and send so many people."""
    people = broken_people(seed, count)
    codes, bodies = asyncio.run(predicted(folder, people))
    answers = sent(folder / "data", bodies)
    assert len(answers) == count
    matrix = Matrix()
    for index, (code, answer) in enumerate(zip(codes, answers, strict=True)):
        matrix.add(index, code, answer, bodies[index].decode("utf-8", "replace"))
    return matrix


def main(count: int = 20_000) -> int:
    """Print the matrix; 1 when anything was predicted wrongly."""
    with tempfile.TemporaryDirectory() as folder:
        matrix = compare(Path(folder), count)
    matrix.print()
    return 1 if matrix.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
