"""Where AWS has things: consoles and partitions by Region."""

_CONSOLES = (("cn-", "console.amazonaws.cn"), ("us-gov-", "console.amazonaws-us-gov.com"))


def console(region: str) -> str:
    """The page of Identity Center in the console of the Region."""
    host = next(
        (host for start, host in _CONSOLES if region.startswith(start)), "console.aws.amazon.com"
    )
    return f"https://{region}.{host}/singlesignon/home?region={region}"


def partition(region: str) -> str:
    """The partition a Region is in, as ARNs have it."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
