"""AWS as far as it can be had here: moto over real HTTP, and in front of it what moto lacks.

moto answers sso-admin and identitystore. The front adds what its users have not (ExternalIds,
UserStatus, CreatedBy), and answers DescribeIdentityStore, DescribeInstance, LookupEvents and
DescribeEvents in the shapes of the service models. Nothing here was recorded at AWS.
"""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from moto.identitystore.models import Group, User, identitystore_backends
from moto.server import ThreadedMotoServer
from moto.ssoadmin.models import ssoadmin_backends

REGION = "us-east-1"
ACCOUNT = "123456789012"
STORE_ID = "d-1234567890"
TENANT = "f3vd2aa29dc-223c-4e5c-91b9-8ca1bb1faf7b"
Json = dict[str, Any]
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nonexistent/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent/credentials",
}


@dataclass
class StandIn:
    """The account, as a test sets it up and looks at it."""

    url: str = ""
    moto: tuple[str, int] = ("", 0)
    externals: dict[str, list[Json]] = field(default_factory=dict)
    """ExternalIds by resource id."""
    denied: set[str] = field(default_factory=set)
    """Operations that the caller may not use."""
    spoil: dict[str, Callable[[bytes], bytes | None]] = field(default_factory=dict)
    """By operation: what becomes of the body of its answer; None: the connection is closed."""
    errors: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """By operation: status, code and message of the error it ends with."""
    more_of_errors: Json = field(default_factory=dict)
    """Further members of all those errors."""
    errors_of_forms: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """The same for the query protocol, which STS speaks."""
    paths: dict[str, tuple[int, Json]] = field(default_factory=dict)
    """What is answered at a path, for services that have more than one."""
    instances: list[Json] = field(default_factory=list)
    """Instances that ListInstances has; empty: those of moto."""
    facts: Json = field(default_factory=lambda: {"OwnerAccountId": ACCOUNT})
    """What DescribeInstance says beside state and store."""
    notice: str = ""
    """The text that DescribeEventDetails has of each notice."""
    network: Json = field(default_factory=dict)
    records: Callable[[], list[Json]] = list
    """The records of CloudTrail, as `record` makes them."""
    notices: list[Json] = field(default_factory=list)
    no_plan: bool = False
    answers: dict[str, Callable[[Json], Json]] = field(default_factory=dict)
    """Further operations that the front answers, by name."""
    log_open: Event = field(default_factory=Event)
    """LookupEvents is not answered before this is set."""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    """Operations asked for, with what was given."""

    def session(self) -> Any:  # noqa: ANN401
        """Signed in; one for all, since reading the models of the services takes long."""
        return _session()

    def reset(self) -> None:
        """An account that nobody has used yet."""
        fresh = StandIn(self.url, self.moto)
        fresh.log_open.set()
        vars(self).update(vars(fresh))
        identitystore_backends.reset()
        ssoadmin_backends.reset()
        ssoadmin_backends[ACCOUNT][REGION].instances[0].identity_store_id = STORE_ID

    def user(self, name: str, *, id: str = "", issuer: str = "") -> str:
        """A user, made by hand unless an issuer is told."""
        made = id or str(uuid4())
        first, _, last = name.partition("@")[0].partition(".")
        words: Json = dict.fromkeys(User._fields, None)
        words |= {
            "UserId": made,
            "IdentityStoreId": STORE_ID,
            "UserName": name,
            "DisplayName": f"{first} {last}".title(),
            "Emails": [{"Value": name, "Type": "work", "Primary": True}],
        }
        self._store().users[made] = User(**words)
        if issuer:
            self.externals[made] = [{"Issuer": issuer, "Id": f"x-{made[:8]}"}]
        return made

    def group(self, name: str, members: list[str], *, id: str = "", issuer: str = "") -> str:
        """A group with its members."""
        made = id or str(uuid4())
        store = self._store()
        store.groups[made] = Group(made, name, [], "", STORE_ID)
        if issuer:
            self.externals[made] = [{"Issuer": issuer, "Id": f"x-{made[:8]}"}]
        for member in members:
            membership = str(uuid4())
            store.group_memberships[membership] = {
                "IdentityStoreId": STORE_ID,
                "MembershipId": membership,
                "GroupId": made,
                "MemberId": {"UserId": member},
            }
        return made

    def asked(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(1 for name, _ in self.calls if name == operation)

    def _store(self) -> Any:  # noqa: ANN401
        backend = identitystore_backends[ACCOUNT][REGION]
        return backend._IdentityStoreBackend__get_identity_store(STORE_ID)  # type: ignore[attr-defined]

    def answer(self, target: str, given: Json) -> tuple[int, Json] | None:
        """What the front answers by itself; None: moto does."""
        operation = target.rpartition(".")[2]
        self.calls.append((operation, given))
        if operation in self.denied:
            words = f"User: arn:aws:sts::1:role/x is not authorized to perform: {operation}"
            return 400, {"__type": "AccessDeniedException", "Message": words}
        if operation in self.errors:
            status, code, words = self.errors[operation]
            return status, {"__type": code, "Message": words, **self.more_of_errors}
        own: dict[str, Callable[[Json], Json]] = {
            "DescribeIdentityStore": self._identity_store,
            "DescribeInstance": self._instance,
            "LookupEvents": self._lookup,
            "DescribeEvents": lambda _: {"events": self.notices},
            "DescribeEventDetails": self._details,
            **self.answers,
        }
        if self.instances:
            own["ListInstances"] = lambda _: {"Instances": self.instances}
        if operation == "DescribeEvents" and self.no_plan:
            return 400, {"__type": "SubscriptionRequiredException", "message": "no plan"}
        return (200, own[operation](given)) if operation in own else None

    def more(self, found: Json) -> Json:
        """An answer of moto with what it lacks."""
        for each in [found, *found.get("Users", []), *found.get("Groups", [])]:
            resource = each.get("UserId") or each.get("GroupId")
            if resource and "MembershipId" not in each:
                each["ExternalIds"] = self.externals.get(resource, [])
                each["CreatedAt"] = 1_760_000_000.0
                each["CreatedBy"] = "scim" if resource in self.externals else "arn:aws:iam::1:ana"
                each.update({"UserStatus": "ENABLED"} if "UserId" in each else {})
        return found

    def _identity_store(self, _: Json) -> Json:
        store = {"IdentityStoreId": STORE_ID, "IdentityStoreArn": "arn:aws:identitystore:::x"}
        return store | ({"NetworkConfiguration": self.network} if self.network else {})

    def _instance(self, given: Json) -> Json:
        return {
            "InstanceArn": given["InstanceArn"],
            "IdentityStoreId": STORE_ID,
            "Status": "ACTIVE",
            **self.facts,
        }

    def _details(self, given: Json) -> Json:
        found = [
            {"event": {"arn": arn}, "eventDescription": {"latestDescription": self.notice}}
            for arn in given["eventArns"]
        ]
        return {"successfulSet": found, "failedSet": []}

    def _lookup(self, given: Json) -> Json:
        """LookupEvents: one condition, newest first, fifty a page."""
        self.log_open.wait(10)
        wanted = given["LookupAttributes"][0]
        name, value = wanted["AttributeKey"], wanted["AttributeValue"]
        since, until = given.get("StartTime", 0), given.get("EndTime", 1e12)
        found = [
            each
            for each in self.records()
            if each[name] == value and since <= each["EventTime"] <= until
        ]
        found.sort(key=lambda each: -float(each["EventTime"]))
        first, size = int(given.get("NextToken", "0")), int(given.get("MaxResults", 50))
        page: Json = {"Events": found[first : first + size]}
        return page | ({"NextToken": str(first + size)} if first + size < len(found) else {})


def record(
    name: str,
    at: datetime,
    *,
    key: str = "KEY-OLD",
    agent: str = "Okta SCIM Client 1.0.0",
    source: str = "identitystore-scim.amazonaws.com",
    error: str = "",
    message: str = "",
    address: str = "198.51.100.7",
    asked: Json | None = None,
    answered: Json | None = None,
    read_only: bool = False,
    arn: str = "",
    tenant: str = TENANT,
    event_id: str = "",
) -> Json:
    """A record of CloudTrail in the published shape."""
    identity: Json = {"type": "WebIdentityUser", "accountId": "123456789012", "accessKeyId": key}
    raw: Json = {
        "eventVersion": "1.10",
        "userIdentity": identity | ({"arn": arn} if arn else {}),
        "eventSource": source,
        "eventName": name,
        "awsRegion": REGION,
        "userAgent": agent,
        "sourceIPAddress": address,
        "readOnly": read_only,
        "managementEvent": True,
        "requestParameters": {"tenantId": tenant, **(asked or {})},
        "responseElements": answered,
        "requestID": str(uuid4()),
    }
    raw |= {"errorCode": error, "errorMessage": message} if error else {}
    event_id = event_id or str(uuid4())
    return {
        "EventId": event_id,
        "EventName": name,
        "EventSource": source,
        "EventTime": at.astimezone(UTC).timestamp(),
        "AccessKeyId": key,
        "CloudTrailEvent": json.dumps(raw | {"eventID": event_id}),
    }


@cache
def _session() -> Any:  # noqa: ANN401
    from aiobotocore.session import AioSession

    return AioSession()


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The account, listening on loopback."""
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    account = StandIn(moto=moto.get_host_and_port())
    front = ThreadingHTTPServer(("127.0.0.1", 0), _handler(account))
    account.reset()
    account.url = f"http://127.0.0.1:{front.server_address[1]}"
    thread = Thread(target=front.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield account
    finally:
        front.shutdown()
        front.server_close()
        thread.join()
        moto.stop()
        assert moto._server is not None
        moto._server.server_close()


def _handler(account: StandIn) -> type[BaseHTTPRequestHandler]:
    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path in account.paths:
                status, found = account.paths[self.path]
                self._send(status, json.dumps(found).encode(), "application/json")
                return
            target = self.headers.get("X-Amz-Target", "")
            own = account.answer(target, json.loads(body or b"{}")) if target else None
            form = dict(parse_qsl(body.decode())) if not target else {}
            if (refused := account.errors_of_forms.get(form.get("Action", ""))) is not None:
                words = f"<Code>{refused[1]}</Code><Message>{refused[2]}</Message>"
                whole = f"<ErrorResponse><Error>{words}</Error></ErrorResponse>"
                self._send(refused[0], whole.encode(), "text/xml")
                return
            spoil = account.spoil.get(target.rpartition(".")[2], bytes)
            if own is not None:
                self._send(own[0], spoil(json.dumps(own[1]).encode()))
                return
            status, kind, answer = self._moto(body)
            if target and status == 200:
                answer = json.dumps(account.more(json.loads(answer or b"{}"))).encode()
            self._send(status, spoil(answer), kind)

        def _moto(self, body: bytes) -> tuple[int, str, bytes]:
            connection = http.client.HTTPConnection(*account.moto)
            connection.request("POST", self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            found = answer.status, answer.getheader("Content-Type", ""), answer.read()
            connection.close()
            return found

        def _send(
            self, status: int, body: bytes | None, kind: str = "application/x-amz-json-1.1"
        ) -> None:
            if body is None:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Front
