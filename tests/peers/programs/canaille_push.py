"""Canaille as the IdP: its people are pushed to a SCIM endpoint by its own code.

Reads one JSON object a line from stdin and answers with one: {"token": TEXT} gives it a new
bearer token, {"save": NAME, "title": TEXT, "mail": BOOL} makes or changes a person,
{"group": NAME, "members": [NAME]} makes a group, {"delete": NAME} removes a person. Whether a push
was carried out is not known here: Canaille only logs that.
"""

import datetime
import json
import sys
from typing import Any

import httpx
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.scim import client as push
from scim2_client.engines.httpx import SyncSCIMClient
from scim2_models import EnterpriseUser, Group, User

ENDPOINT, TOKEN = sys.argv[1:3]
NOW = datetime.datetime.now(datetime.UTC)
APP = create_app(
    {
        "SECRET_KEY": "only-for-tests",
        "SERVER_NAME": "canaille.test",
        "TESTING": True,
        "CANAILLE": {"DATABASE": "memory"},
        "CANAILLE_OIDC": {"ENABLE_OIDC": True},
        "CANAILLE_SCIM": {"ENABLE_SERVER": True, "ENABLE_CLIENT": True},
    }
)


def pushing(client: Any) -> SyncSCIMClient:  # noqa: ANN401
    """Its SCIM client with the schemas of RFC 7643 instead of those that the server has.

    Canaille always sets password and photos, and its own models forbid what a server's schema has
    not, so with the schemas of Identity Center it pushes nobody.
    """
    http = httpx.Client(
        base_url=client.client_uri,
        headers={"Authorization": f"Bearer {push.get_or_create_token(client).access_token}"},
    )
    scim = SyncSCIMClient(http, resource_models=(User[EnterpriseUser], Group))
    scim.register_naive_resource_types()
    return scim


def connected() -> Any:  # noqa: ANN401
    """The application to which Canaille pushes, with the token for it."""
    client = models.Client(
        client_id="scim",
        client_name="scim",
        client_uri=ENDPOINT,
        client_id_issued_at=NOW,
        grant_types=["client_credentials"],
        scope=["openid"],
    )
    Backend.instance.save(client)
    token = models.Token(
        token_id="token",
        access_token=TOKEN,
        subject=None,
        audience=[client],
        client=client,
        scope=["openid"],
        issue_date=NOW,
        lifetime=365 * 24 * 3600,
    )
    Backend.instance.save(token)
    return token


def person(name: str, mail: bool = False) -> Any:  # noqa: ANN401
    """The person of this name; a new one where there is none."""
    found = Backend.instance.get(models.User, user_name=name)
    return found or models.User(
        user_name=name,
        given_name=name.title(),
        family_name="Canaille",
        formatted_name=f"{name.title()} Canaille",
        display_name=f"{name.title()} Canaille",
        emails=[f"{name}@corp.example.com"] if mail else [],
    )


def answer(**words: bool) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def carry_out(asked: dict[str, Any], token: Any) -> None:  # noqa: ANN401
    if "token" in asked:
        token.access_token = asked["token"]
        Backend.instance.save(token)
    elif "save" in asked:
        user = person(asked["save"], mail=asked.get("mail", False))
        user.title = asked["title"]
        Backend.instance.save(user)
    elif "group" in asked:
        members = [person(name) for name in asked["members"]]
        Backend.instance.save(models.Group(display_name=asked["group"], members=members))
    else:
        Backend.instance.delete(person(asked["delete"]))


push.initiate_scim_client = pushing
with APP.app_context(), Backend.instance.session():
    token = connected()
    answer(ready=True)
    for line in sys.stdin:
        carry_out(json.loads(line), token)
        answer(done=True)
