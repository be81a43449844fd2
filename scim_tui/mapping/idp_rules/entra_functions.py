"""Translates functions of Entra ID to JMESPath with our own functions.

By "Reference for writing expressions for attribute mappings in Microsoft Entra ID". Conditions are
written apart from values, as Entra has texts "True" and "False" where JMESPath has booleans.
"""

from collections.abc import Callable

from scim_tui.mapping.idp_rules.jmespath_calls import Make, every, plain
from scim_tui.mapping.rules.idp_expression import (
    Attribute,
    CallArguments,
    Constant,
    FunctionCall,
    Node,
    NotEvaluated,
    quoted,
    quoted_name,
)
from scim_tui.mapping.rules.patterns import pattern
from scim_tui.model.errors import UsageError

ALIASES = {
    "objectid": ("objectId", "id"),
    "mobile": ("mobile", "mobilePhone"),
    "telephonenumber": ("telephoneNumber", "businessPhones[0]"),
    "physicaldeliveryofficename": ("physicalDeliveryOfficeName", "officeLocation"),
    "facsimiletelephonenumber": ("facsimileTelephoneNumber", "faxNumber"),
    "employeeorgdatadivision": ("employeeOrgData.division",),
    "employeeorgdatacostcenter": ("employeeOrgData.costCenter",),
}
"""Attributes whose name in a schema differs from that in Graph and in the CSV export."""
SOFT_DELETED = "soft_deleted(accountEnabled)"
"""Entra computes IsSoftDeleted; a disabled account is one reason (how-provisioning-works)."""
_REFERENCES = frozenset({"manager", "members", "owners", "memberof"})
_ONLY_ENTRA = {
    "singleapproleassignment": "it needs the app role of the person, which no export has",
    "approleassignmentscomplex": "it needs the app roles of the person, which no export has",
    "assertiveapproleassignmentscomplex": "it needs the app roles, which no export has",
    "selectuniquevalue": "it asks the directory which value is still free",
    "randomstring": "it is random",
    "guid": "it is random",
    "defaultdomain": "it is the default domain of the tenant, which no export has",
    "now": "it depends on the time of the cycle",
    "getfromkeyvault": "it is a secret",
    "formatdatetime": "dates are not done here",
    "dateadd": "dates are not done here",
    "datediff": "dates are not done here",
    "datefromnum": "dates are not done here",
    "numfromdate": "dates are not done here",
    "cdate": "dates are not done here",
    "converttobase64": "bytes are not done here",
    "converttoutf8hex": "bytes are not done here",
    "bitand": "bits are not done here",
}


def value_of(node: Node) -> str:
    """The JMESPath with the same value as the expression. Raises `NotEvaluated`."""
    if isinstance(node, Constant):
        return quoted(node.value)
    if isinstance(node, Attribute):
        return _attribute(node.name)
    name = node.name.lower()
    if reason := _ONLY_ENTRA.get(name):
        raise NotEvaluated(f"{node.name}: {reason}.")
    if name in _CONDITIONS or name in ("=", "<>"):
        return f"if({condition_of(node)}, 'True', 'False')"
    if make := _VALUES.get(name):
        return make(CallArguments(node), node)
    raise NotEvaluated(f"{node.name} is a function that is not known here.")


def condition_of(node: Node) -> str:
    """The JMESPath that is true where the expression is "True", and false where it is "False"."""
    if isinstance(node, FunctionCall):
        name, given = node.name.lower(), CallArguments(node)
        if name in ("=", "<>"):
            sign = "==" if name == "=" else "!="
            return f"text({value_of(given[0])}) {sign} text({value_of(given[1])})"
        if make := _CONDITIONS.get(name):
            return make(given)
    return f"lower(text({value_of(node)})) == 'true'"


def _attribute(name: str) -> str:
    lowered = name.lower()
    if lowered == "issoftdeleted":
        return SOFT_DELETED
    if lowered in _REFERENCES:
        raise NotEvaluated(f"{name} is sent as the id that the other side gave it.")
    if lowered.startswith("extensionattribute"):
        return f"({name} || onPremisesExtensionAttributes.{name})"
    if names := ALIASES.get(lowered):
        return f"({' || '.join(names)})" if len(names) > 1 else names[0]
    return quoted_name(name)


_CONDITIONS: dict[str, Callable[[CallArguments], str]] = {
    "isnullorempty": lambda given: f"empty({value_of(given[0])})",
    "isnull": lambda given: f"empty({value_of(given[0])})",
    "isstring": lambda given: f"type({value_of(given[0])}) == 'string'",
    "cbool": lambda given: f"lower(text({value_of(given[0])})) == 'true'",
    "ispresent": lambda given: f"!empty({value_of(given[0])})",
    "not": lambda given: f"!({condition_of(given[0])})",
    "and": lambda given: f"({condition_of(given[0])}) && ({condition_of(given[1])})",
    "or": lambda given: f"({condition_of(given[0])}) || ({condition_of(given[1])})",
}


def _left(given: CallArguments, _: FunctionCall) -> str:
    length = given.number(1)
    source = value_of(given[0])
    return source if length < 0 else f"substring({source}, `0`, `{length}`)"


def _mid(given: CallArguments, _: FunctionCall) -> str:
    start = max(given.number(1) - 1, 0)
    return f"substring({value_of(given[0])}, `{start}`, `{given.number(2)}`)"


def _item(given: CallArguments, _: FunctionCall) -> str:
    index = given.number(1)
    if index < 1:
        raise NotEvaluated(f"Item counts from 1, and what {index} gives is not documented.")
    return f"({value_of(given[0])} | [{index - 1}])"


def _word(given: CallArguments, _: FunctionCall) -> str:
    return f"word({value_of(given[0])}, `{given.number(1)}`, {quoted(given.text(2))})"


def _proper_case(given: CallArguments, _: FunctionCall) -> str:
    return f"proper_case({value_of(given[0])}, {quoted(given.text(1))})"


def _switch(given: CallArguments, call: FunctionCall) -> str:
    pairs = call.arguments[2:]
    if len(pairs) % 2:
        raise NotEvaluated("Switch has a key without a value.")
    rest = [
        value_of(one) if place % 2 else f"text({value_of(one)})" for place, one in enumerate(pairs)
    ]
    return f"switch({', '.join([f'text({value_of(given[0])})', value_of(given[1]), *rest])})"


def _replace(given: CallArguments, call: FunctionCall) -> str:
    """Replace has seven arguments: source, old, pattern, group, new, new attribute, template."""
    old, wanted, group, new, template = (given.text(place) for place in (1, 2, 3, 4, 6))
    source = value_of(given[0])
    if wanted:
        _check_pattern(wanted)
        attribute = given[5] if len(call.arguments) > 5 else Constant(None)
        if isinstance(attribute, Constant) and attribute.value is None:
            return f"regex_replace({source}, {quoted(wanted)}, {quoted(new)}, {quoted(group)})"
        taken = f"regex_group({value_of(attribute)}, {quoted(wanted)}, {quoted(group or '0')})"
        return f"default({source}, {taken})"
    if template:
        return f"replace({quoted(template)}, {quoted(old)}, text({source}))"
    return f"replace({source}, {quoted(old)}, {quoted(new)})"


def _check_pattern(text: str) -> None:
    try:
        pattern(text)
    except UsageError as error:
        raise NotEvaluated(error.message) from error


def _position(given: CallArguments, call: FunctionCall) -> str:
    if len(call.arguments) > 2:
        raise NotEvaluated("InStr with a start or a way to compare is not done here.")
    return f"position({value_of(given[0])}, {value_of(given[1])})"


def _split(given: CallArguments, _: FunctionCall) -> str:
    """Blanks around a part are left out, as in the example of the page."""
    return f"(split({value_of(given[0])}, {quoted(given.text(1))}) | [*].trim(@))"


_VALUES: dict[str, Make] = {
    "join": every("join", value_of),
    "coalesce": every("default", value_of),
    "append": every("join", value_of, "'', "),
    "&": every("join", value_of, "'', "),
    "tolower": plain("lower", value_of),
    "toupper": plain("upper", value_of),
    "pcase": _proper_case,
    "trim": plain("trim", value_of),
    "normalizediacritics": plain("normalize_diacritics", value_of),
    "removeduplicates": plain("unique", value_of),
    "cstr": plain("text", value_of),
    "len": lambda given, _: f"length(text({value_of(given[0])}))",
    "count": lambda given, _: f"length(not_null({value_of(given[0])}, `[]`) | to_array(@))",
    "instr": _position,
    # The value is sent as it is: it is redacted in the provisioning logs only.
    "redact": lambda given, _: value_of(given[0]),
    "ignoreflowifnullorempty": lambda given, _: value_of(given[0]),
    "stripspaces": lambda given, _: f"replace({value_of(given[0])}, ' ', '')",
    "iif": lambda given, _: (
        f"if({condition_of(given[0])}, {value_of(given[1])}, {value_of(given[2])})"
    ),
    "left": _left,
    "mid": _mid,
    "item": _item,
    "word": _word,
    "split": _split,
    "switch": _switch,
    "replace": _replace,
}
