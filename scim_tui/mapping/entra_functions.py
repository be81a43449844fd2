"""The functions of Entra ID in JMESPath and our own functions, as far as an export can feed them.

By "Reference for writing expressions for attribute mappings in Microsoft Entra ID". Conditions
are written apart from values, as Entra has texts "True" and "False" where JMESPath has booleans.
"""

from collections.abc import Callable

from scim_tui.mapping.foreign import (
    Attribute,
    Call,
    Constant,
    Given,
    Node,
    NotEvaluated,
    quoted,
    quoted_name,
)

ALIASES = {
    "objectid": ("objectId", "id"),
    "mobile": ("mobile", "mobilePhone"),
    "telephonenumber": ("telephoneNumber", "businessPhones[0]"),
    "physicaldeliveryofficename": ("physicalDeliveryOfficeName", "officeLocation"),
    "facsimiletelephonenumber": ("facsimileTelephoneNumber", "faxNumber"),
    "employeeorgdatadivision": ("employeeOrgData.division",),
    "employeeorgdatacostcenter": ("employeeOrgData.costCenter",),
}
"""The directory names some attributes otherwise than Graph and the CSV export."""
SOFT_DELETED = "switch(text(accountEnabled), 'False', 'False', 'True', 'false', 'True')"
"""Entra computes IsSoftDeleted; a disabled account is one reason (how-provisioning-works)."""
_REFERENCES = frozenset({"manager", "members", "owners", "memberof"})
_ONLY_ENTRA = {
    "singleapproleassignment": "it needs the app role of the person, which no export has",
    "approleassignmentscomplex": "it needs the app roles of the person, which no export has",
    "assertiveapproleassignmentscomplex": "it needs the app roles, which no export has",
    "selectuniquevalue": "it asks the directory which value is still free",
    "randomstring": "it is random",
    "guid": "it is random",
    "now": "it depends on the time of the cycle",
    "getfromkeyvault": "it is a secret",
}


def value_of(node: Node) -> str:
    """The JMESPath that gives what the expression gives. Raises `NotEvaluated`."""
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
        return make(Given(node), node)
    raise NotEvaluated(f"{node.name} is a function that is not known here.")


def condition_of(node: Node) -> str:
    """The JMESPath that is true or false as the expression is "True" or "False"."""
    if isinstance(node, Call):
        name, given = node.name.lower(), Given(node)
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


_CONDITIONS: dict[str, Callable[[Given], str]] = {
    "isnullorempty": lambda given: f"empty({value_of(given[0])})",
    "isnull": lambda given: f"empty({value_of(given[0])})",
    "ispresent": lambda given: f"!empty({value_of(given[0])})",
    "not": lambda given: f"!({condition_of(given[0])})",
    "and": lambda given: f"({condition_of(given[0])}) && ({condition_of(given[1])})",
    "or": lambda given: f"({condition_of(given[0])}) || ({condition_of(given[1])})",
}


def _plain(name: str) -> Callable[[Given, Call], str]:
    return lambda given, _: f"{name}({value_of(given[0])})"


def _every(name: str) -> Callable[[Given, Call], str]:
    return lambda _, call: f"{name}({', '.join(value_of(one) for one in call.arguments)})"


def _left(given: Given, _: Call) -> str:
    length = given.number(1)
    source = value_of(given[0])
    return source if length < 0 else f"substring({source}, `0`, `{length}`)"


def _mid(given: Given, _: Call) -> str:
    start = max(given.number(1) - 1, 0)
    return f"substring({value_of(given[0])}, `{start}`, `{given.number(2)}`)"


def _item(given: Given, _: Call) -> str:
    return f"({value_of(given[0])} | [{given.number(1) - 1}])"


def _word(given: Given, _: Call) -> str:
    delimiters = given.text(2)
    if len(delimiters) != 1:
        raise NotEvaluated("Word with several delimiters is not done here.")
    return f"(split({value_of(given[0])}, {quoted(delimiters)}) | [{given.number(1) - 1}])"


def _switch(given: Given, call: Call) -> str:
    pairs = call.arguments[2:]
    if len(pairs) % 2:
        raise NotEvaluated("Switch has a key without a value.")
    rest = [value_of(one) if place % 2 else f"text({value_of(one)})"
            for place, one in enumerate(pairs)]  # fmt: skip
    return f"switch({', '.join([f'text({value_of(given[0])})', value_of(given[1]), *rest])})"


def _replace(given: Given, call: Call) -> str:
    """Seven places: source, old, pattern, group, new, new from an attribute, template."""
    if any(given.text(place) for place in (2, 3, 5, 6) if place < len(call.arguments)):
        raise NotEvaluated("Replace by a pattern or a template is not done here.")
    return f"replace({value_of(given[0])}, {quoted(given.text(1))}, {quoted(given.text(4))})"


def _split(given: Given, _: Call) -> str:
    return f"split({value_of(given[0])}, {quoted(given.text(1))})"


_VALUES: dict[str, Callable[[Given, Call], str]] = {
    "join": _every("join"),
    "coalesce": _every("default"),
    "append": lambda _, call: f"join('', {', '.join(value_of(one) for one in call.arguments)})",
    "&": lambda _, call: f"join('', {', '.join(value_of(one) for one in call.arguments)})",
    "tolower": _plain("lower"),
    "toupper": _plain("upper"),
    "pcase": _plain("title"),
    "trim": _plain("trim"),
    "normalizediacritics": _plain("ascii"),
    "removediacritics": _plain("ascii"),
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
