"""Settings of the AWS API: the keys of an `identity-center` profile, checked when read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from scim_tui.model.errors import UsageError

IDENTITY_CENTER = "identity-center"
"""The name of the provider in the config file."""
_FORMS = {
    "region": (r"[a-z]{2,6}(-[a-z]+){1,3}-\d", "It is a Region, such as us-east-1."),
    "identity_store_id": (
        r"(arn:aws[a-z-]*:identitystore::\d{12}:identitystore/)?"
        r"(d-[0-9a-f]{10}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})",
        "It is the id of the identity store, such as d-1234567890, or its ARN.",
    ),
    "role_arn": (
        r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+",
        "It is the ARN of a role, such as arn:aws:iam::123456789012:role/NAME.",
    ),
    "aws_profile": (r"[^\x00-\x1f\]]{1,128}", "It is the name of a profile of the AWS CLI."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsRef:
    """The AWS account and Region; credentials come from the default chain of the AWS SDK."""

    region: str
    identity_store_id: str = ""
    """Empty: taken from ListInstances."""
    aws_profile: str = ""
    """A profile of the AWS CLI, also one that signs in by SSO."""
    role_arn: str = ""
    """A role that is assumed with those credentials."""
    fips: bool | None = None
    """Whether to use FIPS endpoints; None: as in the AWS configuration."""
    dual_stack: bool | None = None
    find_endpoint: bool = False
    """Experimental: ask an undocumented call for the SCIM endpoint."""


def read_aws(place: str, table: Mapping[str, object]) -> AwsRef:
    """The reference in a table whose values have the right types. Raises `UsageError`."""
    texts = {key: str(table.get(key, "")) for key in _FORMS}
    texts["region"] = texts["region"] or region_of(str(table.get("endpoint", "")))
    for key, (pattern, hint) in _FORMS.items():
        if texts[key] and not re.fullmatch(pattern, texts[key]):
            raise UsageError(f"{place}.{key} {texts[key][:60]!r} is none.", hint)
    texts["identity_store_id"] = texts["identity_store_id"].rpartition("/")[2]
    if not texts["region"]:
        raise UsageError(f"{place}.region is missing.", "The endpoint does not tell the Region.")
    fips, dual_stack = table.get("fips"), table.get("dual_stack")
    return AwsRef(
        **texts,
        fips=None if fips is None else bool(fips),
        dual_stack=None if dual_stack is None else bool(dual_stack),
        find_endpoint=bool(table.get("experimental_find_endpoint", False)),
    )


def region_of(endpoint: str) -> str:
    """The Region in the host of an Identity Center endpoint; empty for any other host."""
    try:
        host = urlsplit(endpoint).hostname or ""
    except ValueError:
        return ""
    first, _, rest = host.partition(".")
    region = rest.partition(".")[0]
    return region if first == "scim" and re.fullmatch(_FORMS["region"][0], region) else ""
