"""A whole stand-in for Identity Center, to be walked through by hand.

`python -m tests.aws FOLDER` starts `scim-tui serve` as the SCIM side and the account of AWS beside
it, lets an IdP push some people, and prints the environment and the config of a profile.
"""

import asyncio
import json
import sys
import threading
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import SecretStr

from scim_tui.model.directory import Kind
from scim_tui.scim.client import ScimClient
from scim_tui.scim.transport import ClientOptions
from tests.aws.standin import ENVIRONMENT, REGION, Json, StandIn, record, stand_in
from tests.aws.world import IDP, person
from tests.service.serve_kit import Served, served

NAMES = ("ana.silva", "bo.berg", "chen.li", "dora.eck", "emil.olsen", "fatou.diop", "gil.reyes")


def main(folder: Path) -> None:
    """Run until Enter is pressed."""
    with served(folder, "--enable") as service, stand_in() as account:
        secret = _token(service)
        asyncio.run(_fill(service, account, secret))
        account.records = lambda: _records(service)
        (folder / "token").touch(0o600)
        (folder / "token").write_text(secret)
        config = folder / "config.toml"
        config.write_text(
            "[profiles.aws]\n"
            'provider = "identity-center"\n'
            f'endpoint = "{service.ready["scim_endpoint"]}"\n'
            f'region = "{REGION}"\n'
            f'token_file = "{folder / "token"}"\n'
            'environment = "dev"\n'
        )
        stop = threading.Event()
        pusher = threading.Thread(target=_push, args=(service, folder / "token-of-the-idp", stop))
        (folder / "token-of-the-idp").write_text(secret)
        pusher.start()
        more = {
            "AWS_ENDPOINT_URL": account.url,
            "SCIM_TUI_CONFIG": str(config),
            "SCIM_TUI_DATA_DIR": str(folder / "data"),
            "SCIM_TUI_PROFILE": "aws",
        }
        lines = [f"export {name}={value}\n" for name, value in (ENVIRONMENT | more).items()]
        (folder / "env").write_text("".join(lines))
        (folder / "admin.json").write_text(json.dumps(service.ready))
        sys.stdout.write(f"source {folder / 'env'}; scim-tui\n")
        sys.stdout.flush()
        sys.stdin.readline()
        stop.set()
        pusher.join()


def _token(service: Served) -> str:
    with service.admin() as admin:
        return str(admin.post("/tokens").json()["secret"])


async def _fill(service: Served, account: StandIn, secret: str) -> None:
    idp = ScimClient(
        service.ready["scim_endpoint"],
        SecretStr(secret),
        options=ClientOptions(agent=IDP),
        cursors=True,
    )
    issuer = f"https://scim.aws.com/{service.ready['tenant_id']}"
    ids = []
    for name in NAMES:
        made = await idp.create(Kind.USERS, person(f"{name}@corp.example"))
        ids.append(account.user(f"{name}@corp.example", id=made["id"], issuer=issuer))
    for name, members in (("Engineers", ids[:4]), ("Everybody", ids)):
        group = {
            "displayName": name,
            "members": [{"value": each} for each in members],
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        }
        made = await idp.create(Kind.GROUPS, group)
        account.group(name, members, id=made["id"], issuer=issuer)
    await idp.aclose()
    account.user("hand.made@corp.example")
    account.group("Made in the console", [])
    account.network = {"VpceAccessRequired": False, "ScimAllowSourceIps": ["198.51.100.0/24"]}


def _records(service: Served) -> list[Json]:
    """The events of the service as CloudTrail would tell them, and how its token was made."""
    with service.admin() as admin:
        events = admin.get("/events", params={"limit": 500}).json()["events"]
        tokens = admin.get("/tokens").json()["tokens"]
    scim = [
        record(
            each["operation"],
            datetime.fromisoformat(each["at"]),
            agent=str(each["client"]),
            key="" if each["token_id"] == "unknown" else f"KEY-{each['token_id']}",
            error="" if each["status"] < 400 else "ValidationException",
            message=each["message"],
            event_id=f"e-{each['id']}",
            tenant=service.ready["tenant_id"],
        )
        for each in events
    ]
    made = [
        record(
            "CreateBearerToken",
            datetime.fromisoformat(each["created_at"]),
            source="sso-directory.amazonaws.com",
            arn="arn:aws:iam::123456789012:user/ana",
            answered={"tokenId": each["id"]},
            event_id=f"t-{each['id']}",
            tenant=service.ready["tenant_id"],
        )
        for each in tokens
    ]
    return [*scim, *made]


def _push(service: Served, token: Path, stop: threading.Event) -> None:
    """The IdP changes somebody now and then, with whatever token it has."""
    with service.admin() as admin:
        people = admin.get("/users", params={"count": 50}).json()["users"]
    number = 0
    while not stop.wait(5):
        number += 1
        headers = {"Authorization": f"Bearer {token.read_text().strip()}", "User-Agent": IDP}
        change = {"op": "replace", "path": "title", "value": f"Title {number}"}
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [change],
        }
        user = people[number % len(people)]["id"]
        url = f"{service.ready['scim_endpoint'].rstrip('/')}/Users/{user}"
        httpx.patch(url, json=body, headers=headers, timeout=10)


if __name__ == "__main__":
    where = Path(sys.argv[1]).absolute()
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    main(where)
