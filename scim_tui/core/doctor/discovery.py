"""What a SCIM server announces to support (RFC 7643 section 5), as findings."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime

from scim_tui.core.workspace import Workspace
from scim_tui.model.ages import age
from scim_tui.model.checkup import Finding, Verdict
from scim_tui.model.directory import Kind
from scim_tui.model.discovery import Discovery
from scim_tui.model.errors import Unsupported
from scim_tui.providers.port import Discovering

_WORDS = {True: "yes", False: "no", None: "not told"}


async def discovered(space: Workspace) -> AsyncIterator[Finding]:
    """What the server announces now; nothing for a provider without SCIM discovery."""
    if isinstance(space.provider, Discovering):
        for finding in discovery_findings(
            await space.provider.discovery(fresh=True), space.clock()
        ):
            yield finding


async def asked(space: Workspace) -> Discovery:
    """What the server announces now. Raises `Unsupported` for a provider without SCIM discovery."""
    if not isinstance(space.provider, Discovering):
        raise Unsupported(
            f"{space.provider.title} is not asked by SCIM what it can do.",
            "Name a profile with provider scim.",
        )
    return await space.provider.discovery(fresh=True)


def discovery_findings(found: Discovery, now: datetime) -> Iterator[Finding]:
    """What the server announces, line by line."""
    yield _abilities(found, now)
    yield _filters(found)
    yield _paging(found)
    yield _changes(found)
    yield _resources(found)
    yield from _misplaced(found)
    if found.untold:
        missing = ", ".join(f"{name} ({why})" for name, why in found.untold.items())
        words = f"{missing}: what they would say is found out by trying"
        yield Finding("Not told", Verdict.UNKNOWN, words)


def _abilities(found: Discovery, now: datetime) -> Finding:
    parts = {
        "PATCH": found.patch,
        "filter": found.filter,
        "bulk": found.bulk,
        "sort": found.sort,
        "ETag": found.etag,
    }
    schemes = f"; lets in by {', '.join(found.schemes)}" if found.schemes else ""
    words = ", ".join(f"{name} {_WORDS[value]}" for name, value in parts.items())
    verdict = Verdict.UNKNOWN if set(parts.values()) == {None} else Verdict.OK
    return Finding("Server says", verdict, f"{words}{schemes}; asked {age(found.read_at, now)}")


def _filters(found: Discovery) -> Finding:
    if found.filter is False:
        words = "the server has none: a user is found by listing all"
        return Finding("Filters", Verdict.WARN, words)
    most = f", at most {found.most_results:,} results" if found.most_results else ""
    if found.filter:
        return Finding("Filters", Verdict.OK, f"sent to the server{most}")
    return Finding("Filters", Verdict.UNKNOWN, "sent; listed in full where they are refused")


def _paging(found: Discovery) -> Finding:
    page = f", at most {found.largest_page:,} a page" if found.largest_page else ""
    if found.cursor:
        return Finding("Paging", Verdict.OK, f"by cursor{page}")
    if found.cursor is False:
        return Finding("Paging", Verdict.OK, f"by index{page}: the server has no cursors")
    return Finding("Paging", Verdict.OK, f"by cursor if the server gives one, else by index{page}")


def _changes(found: Discovery) -> Finding:
    if found.patch is False:
        words = "a user is read, changed and sent whole (PUT): the server has no PATCH"
        return Finding("Changes sent", Verdict.WARN, words)
    words = "PATCH" if found.patch else "PATCH; the whole user (PUT) where that is refused"
    return Finding("Changes sent", Verdict.OK, words)


def _misplaced(found: Discovery) -> Iterator[Finding]:
    for kind, why in found.misplaced.items():
        words = f"names {found.named(kind)} for {kind}, which was answered: {why}; /{kind} is used"
        fix = "Ask the operator of the server to correct the endpoint."
        yield Finding("ResourceTypes", Verdict.WARN, words, fix)


def _resources(found: Discovery) -> Finding:
    if not found.types:
        words = f"not told; taken to be at {', '.join(found.endpoint(kind) for kind in Kind)}"
        return Finding("Resources", Verdict.UNKNOWN, words)
    parts = []
    for one in found.types:
        more = " and ".join(found.schema_name(each) for each in one.extensions)
        parts.append(f"{one.name} at {one.endpoint or '?'}{f' with {more}' if more else ''}")
    missing = [str(kind) for kind in Kind if found.has(kind) is False]
    lacks = f"; no {' and no '.join(missing)}" if missing else ""
    verdict = Verdict.WARN if missing else Verdict.OK
    return Finding("Resources", verdict, f"{', '.join(parts)}{lacks}")
