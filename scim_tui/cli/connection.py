"""One look at a connection: does it open, answer, and let us in."""

from scim_tui.cli.findings import BAD, NOTHING, OK, UNSURE, Finding
from scim_tui.config.profiles import Profile
from scim_tui.core.marks import Signal
from scim_tui.model.errors import ScimTuiError
from scim_tui.scim.route import Stage

_ASKED = ("Endpoint probe", "Token expiry", "Auth failures 24h", "Refused objects", "Audit trail")


async def look(profile: Profile) -> list[Finding]:
    """What the way to the server, opening the profile and asking once show."""
    from scim_tui.wiring import way_to

    try:
        walked = [_stage(each) for each in await way_to(profile)]
    except ScimTuiError as error:
        return [Finding("Profile", BAD, f"{profile.label}: {error.message}", error.hint)]
    return [*walked, *await _asked(profile)]


def _stage(stage: Stage) -> Finding:
    none = NOTHING if stage.name == "Proxy" else UNSURE
    mark = none if stage.ok is None else OK if stage.ok else BAD
    return Finding(stage.name, mark, stage.evidence, stage.fix)


async def _asked(profile: Profile) -> list[Finding]:
    from scim_tui.wiring import open_workspace

    try:
        space = await open_workspace(profile, read_only=True, via="cli")
    except ScimTuiError as error:
        return [Finding("Profile", BAD, f"{profile.label}: {error.message}", error.hint)]
    try:
        snapshot = await space.health.take()
        state = f"{profile.label}: {space.provider.title}, provisioning {snapshot.status.state}"
        rows = [row for row in space.health.signals(snapshot) if row.name in _ASKED]
        return [Finding("Profile", OK, state), *map(_finding, rows)]
    except ScimTuiError as error:
        return [Finding("Profile", BAD, f"{profile.label}: {error.message}", error.hint)]
    finally:
        await space.aclose()


_FIXES = {
    "Endpoint probe": "Is the service running, and does the network let you through?",
    "Token expiry": "Make a new token, install it in the IdP, delete the old one.",
    "Auth failures 24h": "A wrong or deleted token is in use: scim-tui activity --failures",
    "Refused objects": "scim-tui activity --failures",
    "Audit trail": "Keep a copy of the file, then find out who changed it.",
}


def _finding(row: Signal) -> Finding:
    """A signal as a finding: a token that has to be replaced soon is not fine."""
    bad = row.mark in {BAD, "[EXP]", "[ 7]", "[30]"}
    fix = _FIXES.get(row.name, "") if bad else ""
    return Finding(row.name, BAD if bad else row.mark, row.detail, fix)
