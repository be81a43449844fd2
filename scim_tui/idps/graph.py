"""Microsoft Graph, as far as the synchronization schema of an app is concerned; it only reads.

By "Configure provisioning using Microsoft Graph APIs" and "Get synchronizationSchema" (v1.0). The
permission is Synchronization.Read.All; a missing one is answered with 401 as well as with 403.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson

from scim_tui.model.errors import NotAllowed, ScimTuiError, Unreadable, UsageError
from scim_tui.scim.endpoints import one_of
from scim_tui.scim.failures import HttpAnswer, refusal
from scim_tui.scim.transport import Transport

if TYPE_CHECKING:
    import httpx
    from pydantic import SecretStr

GRAPH = "https://graph.microsoft.com/v1.0"
AWS_APP = "21ed01d2-ec13-4e9e-86c1-cd546719ebc4"
"""The template of the gallery app "AWS IAM Identity Center", the same in every tenant."""
MAX_SCHEMA = 16 * 1024 * 1024
_NAME_IT = "Name it: entra:SERVICE-PRINCIPAL-ID/JOB-ID, as the portal shows them."
_ALLOW = (
    "The token needs Synchronization.Read.All, or its user the role of an Application Administrator"
    " (az login); a Global Reader gets 401 here."
)


class Graph:
    """Microsoft Graph with a token for one tenant. Raises only `model.errors`."""

    def __init__(
        self,
        token: "SecretStr",
        endpoint: str = GRAPH,
        via: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._http = Transport(endpoint, token, via=via, media="application/json", refusal=_refusal)

    async def schema(self, app: str) -> str:
        """The schema of "SERVICE-PRINCIPAL/JOB", of the only job of an app, or of the AWS app.

        Raises `UsageError` when there is more than one to choose from.
        """
        principal, _, job = app.partition("/")
        principal = principal or await self._aws_app()
        job = job or await self._only_job(principal)
        answer = await self._http.send("GET", f"{_jobs(principal)}/{quote(job, safe='')}/schema")
        if len(answer.body) > MAX_SCHEMA:
            raise Unreadable("The schema is larger than 16 MB.", "Is it the right address?")
        return answer.body.decode("utf-8", "replace")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _aws_app(self) -> str:
        query = urlencode(
            {
                "$filter": f"applicationTemplateId eq '{AWS_APP}'",
                "$select": "id,displayName",
            }
        )
        found = await self._list("/servicePrincipals", query)
        return _one(found, "app of AWS IAM Identity Center", "displayName")

    async def _only_job(self, principal: str) -> str:
        found = await self._list(_jobs(principal), "")
        return _one(found, "provisioning job", "templateId")

    async def _list(self, path: str, query: str) -> list[dict[str, Any]]:
        answer = await self._http.send("GET", path, query)
        try:
            found = orjson.loads(answer.body)
        except orjson.JSONDecodeError as error:
            raise Unreadable(f"GET {path} was answered with no JSON.", _NAME_IT) from error
        listed = found.get("value") if isinstance(found, dict) else None
        if not isinstance(listed, list):
            raise Unreadable(f"GET {path} was answered without a list.", _NAME_IT)
        return [one for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)]


def _jobs(principal: str) -> str:
    return f"{one_of('servicePrincipals', principal)}/synchronization/jobs"


def _one(found: list[dict[str, Any]], what: str, label: str) -> str:
    """The id of the only one. Raises `UsageError` for none or several."""
    if not found:
        raise UsageError(f"There is no {what} in this tenant.", _NAME_IT)
    if len(found) > 1:
        named = ", ".join(f"{one['id']} ({one.get(label)})" for one in found[:5])
        raise UsageError(f"There is more than one {what}: {named}.", _NAME_IT)
    return str(found[0]["id"])


def _refusal(answer: HttpAnswer, asked: str) -> ScimTuiError:
    """As `failures.refusal`; a 401 of Graph is explained as a missing role, which it usually is."""
    error = refusal(answer, asked)
    if isinstance(error, NotAllowed):
        error.hint = _ALLOW
    return error
