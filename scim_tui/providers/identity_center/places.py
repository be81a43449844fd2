"""Where AWS has things: partitions, consoles, names of hosts, and AWS Health, by Region.

Sources: the partitions of botocore; AWS General Reference, AWS Health endpoints.
"""

from typing import NamedTuple


class Partition(NamedTuple):
    """One of the separate clouds of AWS."""

    start: str
    """How its Regions begin."""
    name: str
    """As ARNs have it."""
    suffix: str
    """How the names of its hosts end."""
    console: str
    """The host of its console, behind the Region; empty: not published."""
    health: str
    """The Region that has AWS Health for all; empty: each its own."""
    health_fips: str
    """The same for FIPS; `-`: there is none."""


_NONE = "-"
_REST = Partition("", "aws", "amazonaws.com", "console.aws.amazon.com", "us-east-1", "us-east-2")
_PARTITIONS = (
    Partition("cn-", "aws-cn", "amazonaws.com.cn", "console.amazonaws.cn", "cn-northwest-1", _NONE),
    Partition("us-gov-", "aws-us-gov", "amazonaws.com", "console.amazonaws-us-gov.com", "", ""),
    Partition(
        "eusc-", "aws-eusc", "amazonaws.eu", "console.amazonaws-eusc.eu", "eusc-de-east-1", _NONE
    ),
    Partition("us-iso-", "aws-iso", "c2s.ic.gov", "", "us-iso-east-1", _NONE),
    Partition("us-isob-", "aws-iso-b", "sc2s.sgov.gov", "", "us-isob-east-1", _NONE),
    Partition("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "", "eu-isoe-west-1", _NONE),
    Partition("us-isof-", "aws-iso-f", "csp.hci.ic.gov", "", "us-isof-south-1", _NONE),
    Partition("eu-isof-", "aws-iso-f", "csp.hci.ic.gov", "", "us-isof-south-1", _NONE),
)


def place(region: str) -> Partition:
    """The partition a Region is in."""
    return next((each for each in _PARTITIONS if region.startswith(each.start)), _REST)


def partition(region: str) -> str:
    """The name of the partition a Region is in, as ARNs have it."""
    return place(region).name


def console(region: str) -> str:
    """The page of Identity Center in the console of the Region; empty where none is known."""
    host = place(region).console
    return f"https://{region}.{host}/singlesignon/home?region={region}" if host else ""


def health_region(region: str, *, fips: bool) -> str:
    """The Region whose endpoint of AWS Health has the events of this one; empty: there is none."""
    found = place(region).health_fips if fips else place(region).health
    return "" if found == _NONE else found or region
