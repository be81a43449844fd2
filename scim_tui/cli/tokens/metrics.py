"""The report about tokens as Prometheus text; an unknown value is left out, never zero.

Samples have no timestamps, which the textfile collector of node_exporter refuses.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from scim_tui.cli.tokens.check_report import Report
from scim_tui.model.activity import Probe, Traffic
from scim_tui.model.escaping import reveal
from scim_tui.model.provisioning import AccessToken
from scim_tui.model.unknown_values import Absent, Count, Moment

_HELP = {
    "scim_token_expiry_timestamp_seconds": "End of the token; absent when not known.",
    "scim_token_expiry_known": "Whether it is known when, or that never, the token ends.",
    "scim_token_slots": "Tokens that exist, and how many may.",
    "scim_token_last_used_timestamp_seconds": "Newest use by an IdP; absent if none.",
    "scim_endpoint_up": "Whether the SCIM endpoint answers as it should.",
    "scim_endpoint_probe_seconds": "How long its answer took.",
    "scim_idp_last_request_timestamp_seconds": "Newest request of the IdP.",
    "scim_idp_requests_24h": "Requests of the IdP in 24 hours.",
    "scim_idp_refused_objects_24h": "Different objects that were refused in 24 hours.",
    "scim_sign_in_failures_24h": "Answers of 401 or 403 to any client in 24 hours.",
    "scim_rotation_open": "Whether a rotation is open, and where it stands.",
    "scim_check_last_run_timestamp_seconds": "When this was found out.",
}


class Sample(NamedTuple):
    """One figure with its labels."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def text(report: Report) -> str:
    """All figures, with their help, in the text format of Prometheus."""
    profile = ("profile", report.profile)
    found = [each._replace(labels=(profile, *each.labels)) for each in _samples(report)]
    return render(found, _HELP)


def render(samples: Sequence[Sample], helps: Mapping[str, str]) -> str:
    """Samples in the order of their helps, each name with its help and type first."""
    lines = []
    for name, words in helps.items():
        if mine := [sample for sample in samples if sample.name == name]:
            lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
            lines += [_line(sample) for sample in mine]
    return "\n".join(lines)


def _samples(report: Report) -> Iterator[Sample]:
    seen = report.snapshot
    for token in () if isinstance(seen.tokens, Absent) else seen.tokens:
        yield from _of_token(token)
    for note in seen.noted:
        yield from _of_token(note.token, "computed" if note.computed else "told")
    if not isinstance(seen.tokens, Absent):
        yield Sample("scim_token_slots", len(seen.tokens), (("kind", "used"),))
        if report.most is not None:
            yield Sample("scim_token_slots", report.most, (("kind", "max"),))
    yield from _of_probe(seen.probe)
    yield from _of_idp(seen.traffic)
    if not report.trouble:
        rotation = report.open_rotation
        state = rotation.state.value if rotation else "none"
        yield Sample("scim_rotation_open", rotation is not None, (("state", state),))
    yield Sample("scim_check_last_run_timestamp_seconds", report.at.timestamp())


def _of_token(token: AccessToken, basis: str = "reported") -> Iterator[Sample]:
    label = (("token", token.id),)
    expires = "scim_token_expiry_timestamp_seconds"
    yield from _moment(expires, token.expires_at, (*label, ("basis", basis)))
    yield Sample("scim_token_expiry_known", token.expires_at is not Absent.UNKNOWN, label)
    yield from _moment("scim_token_last_used_timestamp_seconds", token.last_used_at, label)


def _of_probe(probe: Probe | Absent) -> Iterator[Sample]:
    if isinstance(probe, Absent):
        yield Sample("scim_endpoint_up", False)
        return
    yield Sample("scim_endpoint_up", probe.ok)
    if probe.duration_ms is not None:
        yield Sample("scim_endpoint_probe_seconds", probe.duration_ms / 1000)


def _of_idp(traffic: Traffic | Absent) -> Iterator[Sample]:
    if isinstance(traffic, Absent):
        return
    yield from _moment("scim_idp_last_request_timestamp_seconds", traffic.last_request_at)
    counts: dict[str, Count] = {
        "accepted": traffic.accepted,
        "refused": traffic.refused,
        "unauthorized": traffic.unauthorized,
        "throttled": traffic.throttled,
    }
    for result, count in counts.items():
        if not isinstance(count, Absent):
            yield Sample("scim_idp_requests_24h", count, (("result", result),))
    objects: dict[str, Count] = {"user": traffic.refused_users, "group": traffic.refused_groups}
    for kind, count in objects.items():
        if not isinstance(count, Absent):
            yield Sample("scim_idp_refused_objects_24h", count, (("kind", kind),))
    if not isinstance(traffic.sign_in_failures, Absent):
        yield Sample("scim_sign_in_failures_24h", traffic.sign_in_failures)


def _moment(name: str, at: Moment, labels: tuple[tuple[str, str], ...] = ()) -> Iterator[Sample]:
    if isinstance(at, datetime):
        yield Sample(name, at.timestamp(), labels)


def _line(sample: Sample) -> str:
    labels = ",".join(f'{name}="{_escape(value)}"' for name, value in sample.labels)
    return f"{sample.name}{{{labels}}} {float(sample.value):.15g}"


def _escape(value: str) -> str:
    """A label value, escaped for the text format and without control characters."""
    return reveal(value.replace("\n", " ")).replace("\\", r"\\").replace('"', r"\"")
