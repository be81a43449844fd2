# ruff: noqa: ASYNC110 - polling another process
import asyncio
import base64
import os
import shlex
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from scim_tui.config.secrets import SecretPlace, SecretSource
from scim_tui.idps.command import CommandIdp
from scim_tui.idps.masking import MASK, PIECE, masked
from scim_tui.idps.port import InstallContext, InstallResult, Verified
from scim_tui.model.errors import OutcomeUnknown, ScimTuiError, Unsupported, UsageError
from tests.patience import DEADLINE

ENDPOINT = "https://scim.example/t/scim/v2/"
HUSH = "aB3/xY9+kQ7v" * 48
SECRET = SecretStr(HUSH)
NAMES = InstallContext(
    profile="lab", rotation_id="rot-0001", token_id="tok-2", old_token_id="tok-1"
)
READ = "import sys; data = sys.stdin.read(); "


def python(code: str, *arguments: str) -> str:
    return shlex.join([sys.executable, "-c", code, *arguments])


async def run(code: str, *arguments: str, seconds: float = DEADLINE) -> InstallResult:
    idp = CommandIdp(python(code, *arguments), seconds=seconds)
    return await idp.install(ENDPOINT, SECRET, NAMES)


async def test_the_secret_comes_on_stdin_and_the_rest_as_arguments(tmp_path: Path) -> None:
    code = READ + "open(sys.argv[1], 'w').write(data + '|' + '|'.join(sys.argv[2:]))"
    target = tmp_path / "got"
    result = await run(
        code,
        str(target),
        "{endpoint}",
        "{token_id}",
        "-{old_token_id}-",
        "{rotation_id}",
        "{profile}",
        "{other}",
        "$HOME;`id`",
    )
    wanted = [HUSH, ENDPOINT, "tok-2", "-tok-1-", "rot-0001", "lab", "{other}", "$HOME;`id`"]
    assert target.read_text().split("|") == wanted
    assert (result.exit_code, result.verified) == (0, Verified.NOT)


async def test_no_argument_and_no_variable_of_a_child_has_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SecretSource(SecretPlace.ENV, "MY_OWN_TOKEN")
    monkeypatch.setenv("MY_OWN_TOKEN", "something-else")
    monkeypatch.setenv("SCIM_TUI_TOKEN", HUSH)
    monkeypatch.setenv("SOMEWHERE_ELSE", f"Bearer {HUSH}")
    monkeypatch.setenv("HARMLESS", "1")
    target = tmp_path / "seen"
    code = READ + (
        "seen = open('/proc/self/cmdline').read() + open('/proc/self/environ').read(); "
        "open(sys.argv[1], 'w').write(seen)"
    )
    await run(code, str(target))
    seen = target.read_text()
    assert HUSH not in seen
    assert "MY_OWN_TOKEN" not in seen
    assert "HARMLESS=1" in seen


async def test_its_output_is_kept_without_the_secret() -> None:
    code = READ + (
        "import base64; print('installed', data); "
        "print('part', data[:20], base64.b64encode(('Bearer ' + data).encode()).decode()); "
        "sys.stderr.write('warning \\x1b[31m')"
    )
    result = await run(code)
    assert result.output.startswith(f"installed {MASK}\npart {MASK} ")
    assert "\\x1b[31m" in result.output
    assert HUSH[:PIECE] not in result.output


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        (READ + "print('no such app', data); sys.exit(3)", ScimTuiError, r"ended with 3.*no such"),
        ("pass", ScimTuiError, "did not read the secret"),
        (READ + "import os; os.kill(os.getpid(), 9)", OutcomeUnknown, "by signal 9"),
    ],
)
async def test_a_command_that_failed_is_reported(
    code: str, error: type[ScimTuiError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        await run(code)
    assert HUSH[:PIECE] not in caught.value.message
    assert "which secret it holds" in caught.value.hint or "standard input" in caught.value.hint


async def test_one_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    target = tmp_path / "child"
    script = 'cat > /dev/null; sleep 600 & echo $! > "$0"; wait'
    command = shlex.join(["sh", "-c", script, str(target)])
    with pytest.raises(OutcomeUnknown, match="did not end within"):
        await CommandIdp(command, seconds=3).install(ENDPOINT, SECRET, NAMES)
    async with asyncio.timeout(DEADLINE):
        while _runs(int(target.read_text())):
            await asyncio.sleep(0.02)


async def test_it_is_stopped_when_its_caller_is_cancelled(tmp_path: Path) -> None:
    target = tmp_path / "pid"
    code = READ + (
        "import os, time; open(sys.argv[1], 'w').write(str(os.getpid()) + '.'); time.sleep(600)"
    )
    task = asyncio.create_task(run(code, str(target)))
    async with asyncio.timeout(DEADLINE):
        while not (target.exists() and target.read_text().endswith(".")):
            await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not _runs(int(target.read_text().strip(".")))


async def test_much_output_neither_blocks_nor_grows() -> None:
    result = await run(READ + "sys.stdout.write('x' * 3_000_000)")
    assert 0 < len(result.output) < 5_000


async def test_a_child_left_behind_does_not_hold_us_up() -> None:
    code = READ + "import subprocess; subprocess.Popen(['sleep', '5']); print('done')"
    async with asyncio.timeout(4):
        assert (await run(code)).output == "done"


async def test_what_cannot_be_started_is_reported_and_planned() -> None:
    idp = CommandIdp("no-such-program-here {endpoint}")
    plan = await idp.plan_install(ENDPOINT, NAMES)
    assert plan.writes == (f"the secret, to the input of: no-such-program-here {ENDPOINT}",)
    assert "no command" in plan.trouble
    with pytest.raises(UsageError, match="cannot be started"):
        await idp.install(ENDPOINT, SECRET)
    assert (await CommandIdp("true").plan_install(ENDPOINT)).trouble == ""


@pytest.mark.parametrize("secret", ["", "x" * 5000])
async def test_what_is_no_token_is_not_sent(secret: str) -> None:
    with pytest.raises(UsageError, match="no token"):
        await CommandIdp("cat").install(ENDPOINT, SecretStr(secret))


async def test_a_command_cannot_be_asked() -> None:
    idp = CommandIdp("true")
    for verb in (idp.test, idp.trigger, idp.status):
        with pytest.raises(Unsupported):
            await verb()
    assert idp.steps(ENDPOINT) == ()


async def test_no_descriptor_stays_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        await run(READ)
        with pytest.raises(UsageError):
            await CommandIdp("no-such-program-here").install(ENDPOINT, SECRET)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 540), st.integers(PIECE, 40))
def test_no_piece_of_the_secret_comes_through(
    before: str, after: str, at: int, length: int
) -> None:
    piece = HUSH[at : at + length]
    shown = masked(before + piece + after, SECRET)
    assert not any(piece[i : i + PIECE] in shown for i in range(len(piece) - PIECE + 1))


@given(st.binary(max_size=30), st.binary(max_size=30), st.booleans())
def test_nor_does_it_in_base64(before: bytes, after: bytes, url: bool) -> None:
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    shown = masked(encode(before + HUSH.encode() + after).decode(), SECRET)
    for skip in range(3):
        inner = encode(bytes(skip) + HUSH.encode()).decode()[4:-4]
        assert not any(inner[i : i + 12] in shown for i in range(len(inner) - 12))


def test_what_is_no_secret_stays() -> None:
    assert masked("HTTP 200, job 7c1 ready", SECRET) == "HTTP 200, job 7c1 ready"
    assert masked("short abc", SecretStr("abc")) == f"short {MASK}"


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
