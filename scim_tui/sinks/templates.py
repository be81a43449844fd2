"""The bodies that webhooks take: our JSON, Slack's incoming webhooks, and Teams' workflows."""

from collections.abc import Callable
from typing import Any

from scim_tui.model.ages import stamp
from scim_tui.model.alert import Alert, AlertCause

Body = dict[str, Any]
_MOST_CAUSES = 8


def as_json(alert: Alert) -> Body:
    """Every field, times in UTC, with the title in a line."""
    return {"title": alert.title, **alert.model_dump(mode="json")}


def as_slack(alert: Alert) -> Body:
    """Text in Slack's own markup; what comes from outside is escaped as Slack asks for."""
    lines = [f"*{_slack(alert.title)}*", *(f"• {_slack(each)}" for each in _lines(alert))]
    return {"text": "\n".join(lines)}


def as_teams(alert: Alert) -> Body:
    """An Adaptive Card in the envelope that the workflows of Teams take; its text is not markup."""
    blocks = [_block(alert.title, weight="Bolder"), *(_block(each) for each in _lines(alert))]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return {"type": "message", "attachments": [attachment]}


TEMPLATES: dict[str, Callable[[Alert], Body]] = {
    "json": as_json,
    "slack": as_slack,
    "teams": as_teams,
}


def _lines(alert: Alert) -> list[str]:
    found = [_cause(each) for each in alert.causes[:_MOST_CAUSES]]
    if len(alert.causes) > _MOST_CAUSES:
        found.append(f"and {len(alert.causes) - _MOST_CAUSES} more")
    return [*found, f"since {stamp(alert.since)}, seen {stamp(alert.at)}"]


def _cause(cause: AlertCause) -> str:
    new = "new: " if cause.is_new else ""
    step = f" {cause.next_step}" if cause.next_step else ""
    return f"{new}{cause.reason}.{step}"


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _block(text: str, **more: str) -> Body:
    return {"type": "TextBlock", "text": _no_markdown(text), "wrap": True, **more}


def _no_markdown(text: str) -> str:
    """Adaptive Cards read a subset of Markdown in text blocks."""
    for sign in "\\`*_[]()":
        text = text.replace(sign, f"\\{sign}")
    return text
