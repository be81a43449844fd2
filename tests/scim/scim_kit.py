"""A server that is told its answers, and a client of it that waits for nobody."""

from collections.abc import Callable

import httpx
import orjson
from pydantic import SecretStr

from scim_tui.scim.client import ScimClient
from scim_tui.scim.limits import Retry, Wait
from scim_tui.scim.transport import ClientOptions

SECRET = "s3cr3t-of-the-token"
ENDPOINT = "https://scim.example.com/t1/scim/v2/"
AWS = "https://scim.eu-west-1.amazonaws.com/t1/scim/v2/"
EMPTY = {"totalResults": 0, "Resources": []}

Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """What a client asked, and what it is answered."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def targets(self) -> list[str]:
        return [request.url.raw_path.decode() for request in self.asked]


class Naps:
    """Sleeping that takes no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.told: list[Wait] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    @property
    def options(self) -> ClientOptions:
        retry = Retry(sleep=self.sleep, jitter=lambda: 1.0, tell=self.told.append)
        return ClientOptions(retry=retry)


def client(
    server: Handler,
    endpoint: str = ENDPOINT,
    *,
    naps: Naps | None = None,
    cursors: bool | None = False,
) -> ScimClient:
    http = httpx.AsyncClient(transport=httpx.MockTransport(server), follow_redirects=True)
    options = (naps or Naps()).options
    return ScimClient(endpoint, SecretStr(SECRET), http=http, options=options, cursors=cursors)


def ok(body: object = None, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=orjson.dumps(body or {}), headers=headers)


async def names(found: ScimClient, filter: str = "") -> list[str]:
    return [row.id async for page in found.users(filter) for row in page.rows]
