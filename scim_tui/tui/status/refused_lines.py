"""Why a token or key may be refused, the likeliest cause first, and how to find out.

AWS answers 401 to a bad token and to a wrong tenant id alike (developer guide of its SCIM API).
"""

from scim_tui.tui.drawing.text import Line, line
from scim_tui.tui.status import messages


def refused_lines(provider_kind: str, profile: str) -> list[Line]:
    """The causes, each with how to find out, in the order to check them."""
    known = messages.TOKEN_CAUSES if provider_kind == "scim" else messages.KEY_CAUSES
    causes = (*known, messages.wrong_profile(profile))
    title = line((f" {messages.LIKELY:<31}", "dim"), (messages.HOW_TO_TELL, "dim"))
    return [title, *(_cause(number, *cause) for number, cause in enumerate(causes, 1))]


def _cause(number: int, cause: str, check: str) -> Line:
    return line((f" {number}  {cause:<28}", ""), (check, "dim"))
