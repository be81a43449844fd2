"""The text for a ticket about one refused person: no secret, and nothing that steers a terminal."""

from scim_tui.core.activity.refused_person import RefusedPerson
from scim_tui.model.ages import stamp
from scim_tui.model.constraints import CONSTRAINTS
from scim_tui.model.escaping import reveal
from scim_tui.model.plural import plural


def ticket_text(person: RefusedPerson, where: str) -> str:
    """What, who, when, how often, why, fix, request id; `where` names the directory."""
    rule = CONSTRAINTS.get(person.rule)
    tries = plural(person.tries, "try", "tries")
    when = f"newest {stamp(person.newest)}"
    if person.tries > 1:
        when += f", first {stamp(person.first)}"
    fields = (
        ("What", f"{reveal(where)} refuses a person that the IdP sends"),
        ("Who", reveal(person.person)),
        ("When", f"{when} ({tries})"),
        ("Request", f"{reveal(person.operation)}, answered with {person.status}"),
        ("Why", reveal(person.why_whole)),
        ("Rule", f"{rule.code}: {rule.message}" if rule else "not known"),
        ("Fix", reveal(person.fix.words)),
        ("Request id", reveal(person.request_id) or "not known"),
    )
    return "".join(f"{name + ':':<12}{text}\n" for name, text in fields)
