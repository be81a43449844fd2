"""A sign-in to AWS that has ended: the command that renews it, and no traceback beside it."""

import asyncio
import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from scim_tui.config.aws import AwsRef
from scim_tui.config.aws_sign_in import NoSdk, NoSignIn, SignedOut, sign_in_error
from scim_tui.model.errors import ScimTuiError
from scim_tui.providers.identity_center.account import Account
from tests.aws.standin import ENVIRONMENT, REGION, STORE_ID, StandIn
from tests.aws.test_account import refusal
from tests.patience import DEADLINE

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
SESSION = "arn:aws:iam::123456789012:user/ana"
LOGIN = f"[profile prod]\nlogin_session = {SESSION}\nregion = us-east-1\n"
SSO = (
    "[profile prod]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = x\n"
    "[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://corp.example/start\n"
    "sso_registration_scopes = sso:account:access\n"
)


@pytest.fixture
def home(aws: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home folder without any sign-in."""
    for name in KEYS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(tmp_path / "login"))
    return tmp_path


def logged_in(home: Path, ends: datetime) -> None:
    """What `aws login` leaves behind."""
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    token = {
        "accessToken": {
            "accessKeyId": "AKID",
            "secretAccessKey": "secret",
            "sessionToken": "session",
            "accountId": "123456789012",
            "expiresAt": f"{ends:%Y-%m-%dT%H:%M:%SZ}",
        },
        "refreshToken": "refresh",
        "clientId": "client",
        "dpopKey": key.decode(),
    }
    (home / "config").write_text(LOGIN)
    (home / "login").mkdir()
    name = hashlib.sha256(SESSION.encode()).hexdigest()
    (home / "login" / f"{name}.json").write_text(json.dumps(token))


async def test_a_profile_of_aws_login_works(home: Path) -> None:
    logged_in(home, datetime.now(UTC) + timedelta(hours=1))
    account = Account(AwsRef(region=REGION, aws_profile="prod"))
    answer = await account.call("sso-admin", "ListInstances")
    await account.aclose()
    assert answer["Instances"][0]["IdentityStoreId"] == STORE_ID


@pytest.mark.parametrize(
    ("reason", "hint"),
    [
        ("TOKEN_EXPIRED", "Run: aws login --profile prod"),
        ("INSUFFICIENT_PERMISSIONS", "Allow it, then run: aws login --profile prod"),
    ],
)
async def test_a_login_that_cannot_be_renewed_says_what_to_run(
    home: Path, aws: StandIn, reason: str, hint: str
) -> None:
    logged_in(home, datetime.now(UTC) - timedelta(hours=1))
    aws.paths["/v1/token"] = 400, {"__type": "AccessDeniedException", "error": reason}
    error = await refusal(Account(AwsRef(region=REGION, aws_profile="prod")))
    assert isinstance(error, SignedOut)
    assert error.hint == hint


async def test_a_login_that_was_never_made_says_how_to_make_it(home: Path) -> None:
    (home / "config").write_text(LOGIN)
    error = await refusal(Account(AwsRef(region=REGION, aws_profile="prod")))
    assert isinstance(error, SignedOut)
    assert error.sentence == "The login of AWS has ended. Run: aws login --profile prod"


async def test_an_expired_sso_login_leaves_no_traceback_on_stderr(home: Path) -> None:
    """botocore logs it with a traceback, and a log without a handler goes to stderr."""
    (home / "config").write_text(SSO)
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    past = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    token = {
        "startUrl": "https://corp.example/start",
        "region": "us-east-1",
        "accessToken": "a",
        "refreshToken": "r",
        "clientId": "c",
        "clientSecret": "s",
        "expiresAt": past,
        "registrationExpiresAt": past,
    }
    name = hashlib.sha1(b"corp", usedforsecurity=False).hexdigest()
    (cache / f"{name}.json").write_text(json.dumps(token))
    script = home / "ask.py"
    script.write_text(
        "import asyncio\n"
        "from scim_tui.config.aws import AwsRef\n"
        "from scim_tui.model.errors import ScimTuiError\n"
        "from scim_tui.providers.identity_center.account import Account\n"
        "async def ask():\n"
        "    account = Account(AwsRef(region='us-east-1', aws_profile='prod'))\n"
        "    try:\n"
        "        await account.call('sso-admin', 'ListInstances')\n"
        "    except ScimTuiError as error:\n"
        "        print(error.sentence)\n"
        "    await account.aclose()\n"
        "asyncio.run(ask())\n"
    )
    more = dict.fromkeys(KEYS, "")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home), **ENVIRONMENT} | more
    environment = {name: value for name, value in environment.items() if value}
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(script)],
        env=environment | {"AWS_CONFIG_FILE": str(home / "config"), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    assert ended.stdout == "The SSO login of AWS has ended. Run: aws sso login --profile prod\n"
    assert ended.stderr == ""


async def test_a_role_that_may_not_be_assumed_is_what_is_refused(aws: StandIn) -> None:
    """Not the call on the way to which it was assumed."""
    aws.errors_of_forms["AssumeRole"] = (403, "AccessDenied", "not authorized: sts:AssumeRole")
    role = "arn:aws:iam::123456789012:role/scim-reader"
    error = await refusal(Account(AwsRef(region=REGION, role_arn=role)))
    assert isinstance(error, NoSignIn)
    assert error.message.startswith("Signing in to AWS ended at AssumeRole (AccessDenied).")
    assert "role_arn" in error.hint


@pytest.mark.parametrize(
    ("name", "given", "kind", "hint"),
    [
        ("LoginRefreshRequired", {}, SignedOut, "Run: aws login --profile p"),
        ("LoginError", {}, SignedOut, "Run: aws login --profile p"),
        ("LoginTokenLoadError", {"error_msg": "x"}, SignedOut, "Run: aws login --profile p"),
        ("LoginInsufficientPermissions", {}, SignedOut, "then run: aws login --profile p"),
        ("UnauthorizedSSOTokenError", {}, SignedOut, "Run: aws sso login --profile p"),
        ("SSOTokenLoadError", {"error_msg": "x"}, SignedOut, "Run: aws sso login --profile p"),
        (
            "TokenRetrievalError",
            {"provider": "sso", "error_msg": "x"},
            SignedOut,
            "Run: aws sso login --profile p",
        ),
        ("MissingDependencyException", {"msg": "x"}, NoSdk, "scim-tui[aws]"),
        (
            "CredentialRetrievalError",
            {"provider": "custom-process", "error_msg": "exit 1"},
            NoSignIn,
            "Correct the profile",
        ),
    ],
)
def test_each_way_to_sign_in_has_its_own_command(
    name: str, given: dict[str, str], kind: type[ScimTuiError], hint: str
) -> None:
    from botocore import exceptions

    found = sign_in_error(getattr(exceptions, name)(**given), "p")
    assert isinstance(found, kind)
    assert hint in found.hint


def test_credentials_that_a_refresh_did_not_renew_have_expired() -> None:
    words = "Credentials were refreshed, but the refreshed credentials are still expired."
    assert isinstance(sign_in_error(RuntimeError(words)), SignedOut)
    assert sign_in_error(RuntimeError("x")) is None
