"""Terms of a filter line about access as SQL: `account:`, `set:`, `has:access`, `admin:yes`."""

from scim_tui.core.index.query import Term
from scim_tui.model.directory import Kind

Condition = tuple[str, list[object]]
_ASSIGNED = (
    "SELECT a.principal FROM access_assigned a LEFT JOIN access_sets s ON s.id = a.pset"
    " LEFT JOIN access_accounts c ON c.id = a.account"
)
_REACHES = {
    Kind.USERS: "(u.id IN ({0}) OR u.n IN (SELECT m.u FROM members m JOIN Groups g ON g.n = m.g"
    " AND NOT g.gone WHERE g.id IN ({0})))",
    Kind.GROUPS: "u.id IN ({0})",
}
"""The SQL condition that a row is, or is in a group that is, one of some principals."""
HAS_ACCESS = {
    Kind.USERS: "(u.id IN (SELECT principal FROM access_assigned) OR EXISTS (SELECT 1 FROM members"
    " m JOIN Groups g ON g.n = m.g AND NOT g.gone JOIN access_assigned a ON a.principal = g.id"
    " WHERE m.u = u.n))",
    Kind.GROUPS: "u.id IN (SELECT principal FROM access_assigned)",
}
"""The SQL condition that a row has a permission set in any account."""
_ADMIN = {"yes": 1, "unknown": None}
ACCESS_FIELDS = frozenset({"account", "set", "has", "no", "admin"})


def access_condition(kind: Kind, term: Term) -> Condition:
    """The condition of one term about access."""
    reaches = _REACHES[kind]
    match term.field:
        case "has":
            return HAS_ACCESS[kind], []
        case "no":
            return f"NOT {HAS_ACCESS[kind]}", []
        case "admin":
            chosen = reaches.format(f"{_ASSIGNED} WHERE s.admin IS ?")
            return chosen, [_ADMIN[term.text]] * reaches.count("{0}")
    table, column = ("c", "a.account") if term.field == "account" else ("s", "a.pset")
    named = f"{_ASSIGNED} WHERE fold({column}) = ? OR instr(fold({table}.name), ?) > 0"
    return reaches.format(named), [term.text, term.text] * reaches.count("{0}")
