"""The checks of `doctor` on our own service: key, tenant, permissions, rate limits."""

from collections.abc import AsyncIterator, Mapping

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.provisioning import ProvisioningStatus
from scim_tui.model.unknown_values import Absent
from scim_tui.scim.checkup import answered, rates_found
from scim_tui.scim.transport import Transport
from scim_tui.scim.wire import read_object, text

ADMIN = "/admin/v1"
_PACE = "an IdP may read 40 and write 25 times a second"
_RESTORE = (
    "Stop the service, keep a copy of the data folder, and restore an older one; an IdP pushes"
    " again what is newer."
)
_KEY_FIX = "Take the key that serve showed, or make one: scim-tui serve --new-admin-key"


async def service_checkup(
    root: Transport, status: ProvisioningStatus | ScimTuiError
) -> AsyncIterator[Finding]:
    """The checks; `status` is the state of provisioning, or the error instead of it."""
    code, said = await answered(root, f"{ADMIN}/provisioning")
    if code == 200:
        words = "taken" if root.has_secret else "none is needed in this process"
        yield Finding("Admin key", Verdict.OK if root.has_secret else Verdict.NONE, words)
    else:
        yield Finding("Admin key", Verdict.BAD, said, _KEY_FIX if code in {401, 403} else "")
    yield _tenant(status)
    yield await _permissions(root)
    async for finding in _storage(root):
        yield finding
    yield rates_found(root.rate_headers, _PACE, root.waits)


def _tenant(status: ProvisioningStatus | ScimTuiError) -> Finding:
    if isinstance(status, ScimTuiError):
        return Finding("Tenant", Verdict.UNKNOWN, status.message, status.hint)
    if isinstance(status.tenant_id, Absent):
        return Finding("Tenant", Verdict.NONE, "none while provisioning is off")
    if status.listening is False:
        words = f"{status.tenant_id}, but nothing listens at its endpoint now"
        return Finding("Tenant", Verdict.WARN, words, "Start it for the IdP: scim-tui serve")
    return Finding("Tenant", Verdict.OK, f"{status.tenant_id}, at {status.scim_endpoint}")


async def _permissions(root: Transport) -> Finding:
    seen = {name: (await answered(root, f"{ADMIN}/{name}"))[0] for name in ("users", "groups")}
    refused = [
        f"{name} ({status or 'no answer'})" for name, status in seen.items() if status != 200
    ]
    if refused:
        return Finding("Permissions", Verdict.BAD, f"cannot read {', '.join(refused)}")
    return Finding("Permissions", Verdict.OK, "reads users, groups; writing was not tried")


async def _storage(root: Transport) -> AsyncIterator[Finding]:
    """Whether the database is sound, and the notes of the service."""
    try:
        answer = await root.send("GET", f"{ADMIN}/checkup", once=True)
        found = read_object(answer.body, "GET /checkup")
    except ScimTuiError as error:
        yield Finding("Database", Verdict.UNKNOWN, f"not looked at: {error.message}")
        return
    problems = [text(each) for each in _listed(found, "problems")]
    if problems:
        yield Finding("Database", Verdict.BAD, f"damaged: {'; '.join(problems)}", _RESTORE)
    elif found.get("finished") is not True:
        yield Finding("Database", Verdict.UNKNOWN, "sound as far as there was time to look")
    else:
        yield Finding("Database", Verdict.OK, "sound, and every row can be decoded")
    for note in _listed(found, "notes"):
        yield Finding("Service", Verdict.WARN, text(note))


def _listed(found: Mapping[str, object], name: str) -> list[object]:
    value = found.get(name)
    return value if isinstance(value, list) else []
