"""Why a token or key may be refused, the likeliest first, and how to tell.

AWS answers 401 to a bad token and to a wrong tenant id alike (developer guide of its SCIM API).
"""

from scim_tui.tui.drawing.text import Line, line

Cause = tuple[str, str]
_TOKEN: tuple[Cause, ...] = (
    ("the token expired", "the console of the provider shows its end"),
    ("the token was deleted", "the console lists it no longer"),
    ("the tenant id changed", "compare the endpoint: provisioning enabled anew has another"),
)
_KEY: tuple[Cause, ...] = (
    ("the admin key was replaced", "somebody ran: scim-tui serve --new-admin-key"),
    ("another service answers", "compare the admin endpoint of the profile"),
)


def refused_lines(provider_kind: str, profile: str) -> list[Line]:
    """What to look at, in this order."""
    causes = (
        *(_TOKEN if provider_kind == "scim" else _KEY),
        ("wrong profile", f"this is {profile}; p switches"),
    )
    title = line((f" {'LIKELY, IN THIS ORDER':<31}", "dim"), ("HOW TO TELL", "dim"))
    return [title, *(_cause(number, *cause) for number, cause in enumerate(causes, 1))]


def _cause(number: int, cause: str, tell: str) -> Line:
    return line((f" {number}  {cause:<28}", ""), (tell, "dim"))
