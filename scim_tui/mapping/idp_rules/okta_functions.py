"""The subset of Okta's expression language that is evaluated, in JMESPath and our functions.

`user.x`, `appuser.x`, `user.getInternalProperty("id")` and `("status")`, constants, `+`, `==`,
`!=`, `AND`, `OR`, `!`, `a ? b : c`, `a ?: b`; of `String`: append, join, len, removeSpaces,
replace, replaceFirst, startsWith, stringContains, stringSwitch, substring, substringAfter,
substringBefore, toLowerCase, toUpperCase; of `Arrays`: contains, flatten, get, isEmpty, size,
toCsvString; `Convert.toInt`, `Convert.toNum`. All else is not evaluated.
"""

from collections.abc import Callable

from scim_tui.mapping.idp_rules.jmespath_calls import Make, every, pair, plain, three
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

_OWNERS = ("user", "source", "appuser", "appUser")


def value_of(node: Node) -> str:
    """The JMESPath with the same value as the expression. Raises `NotEvaluated`."""
    if isinstance(node, Constant):
        return quoted(node.value)
    if isinstance(node, Attribute):
        return _attribute(node.name)
    name, given = node.name, CallArguments(node)
    if name == "?":
        return f"if({condition_of(given[0])}, {value_of(given[1])}, {value_of(given[2])})"
    if reason := _ONLY_OKTA.get(name.removeprefix(".").rpartition(".")[2]):
        raise NotEvaluated(f"{name.removeprefix('.')}: {reason}.")
    if make := _VALUES.get(_plain_name(name)):
        return make(given, node)
    if name in _CONDITIONS or _plain_name(name) in _TESTS:
        return condition_of(node)
    raise NotEvaluated(f"{name.removeprefix('.')} is not in the subset that is evaluated here.")


def _plain_name(name: str) -> str:
    """The name of a method of a text as the function of `String`."""
    return name.removeprefix("String.").removeprefix(".")


_GROUPS = "it needs the groups of the person in Okta"
_MANAGER = "it looks at another user of Okta"
_ELSEWHERE = "it looks into another directory"
_TABLE = "it needs the table of ISO 3166"
_ONLY_OKTA = {
    "isMemberOfGroup": _GROUPS,
    "isMemberOfGroupName": _GROUPS,
    "isMemberOfAnyGroup": _GROUPS,
    "isMemberOfGroupNameContains": _GROUPS,
    "isMemberOfGroupNameStartsWith": _GROUPS,
    "isMemberOfGroupNameRegex": _GROUPS,
    "getFilteredGroups": _GROUPS,
    "getGroups": _GROUPS,
    "isMemberOf": _GROUPS,
    "getManagerUser": _MANAGER,
    "getManagerAppUser": _MANAGER,
    "getAssistantUser": _MANAGER,
    "getAssistantAppUser": _MANAGER,
    "getManagerUpn": _MANAGER,
    "findDirectoryUser": _ELSEWHERE,
    "hasDirectoryUser": _ELSEWHERE,
    "findWorkdayUser": _ELSEWHERE,
    "hasWorkdayUser": _ELSEWHERE,
    "toAlpha2": _TABLE,
    "toAlpha3": _TABLE,
    "toNumeric": _TABLE,
    "toName": _TABLE,
    "now": "it depends on the time",
    "getLinkedObject": _MANAGER,
}
"""Functions that only Okta can compute, by the last part of their name, with the reason."""


def condition_of(node: Node) -> str:
    """The JMESPath that is true when the condition holds."""
    if isinstance(node, FunctionCall):
        given = CallArguments(node)
        if make := _CONDITIONS.get(node.name) or _TESTS.get(_plain_name(node.name)):
            return make(given)
        if node.name == "?":
            return value_of(node)
    return f"lower(text({value_of(node)})) == 'true'"


def _attribute(name: str) -> str:
    """An attribute of the user: below `profile` in the users API, or a column of a CSV."""
    owner, _, attribute = name.partition(".")
    if owner not in _OWNERS or not attribute or "." in attribute:
        raise NotEvaluated(f"{name} is not an attribute of the user.")
    if attribute in ("id", "status"):
        return _or_nothing(attribute)
    plain = quoted_name(attribute)
    return _or_nothing(f"profile.{plain} || {plain}")


def _or_nothing(source: str) -> str:
    """The source, or null for an empty text: an empty CSV cell is a missing attribute in Okta."""
    return f"({source} || `null`)"


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Constant) and node.value in (None, "")


def _equal(given: CallArguments) -> str:
    for one, other in ((given[0], given[1]), (given[1], given[0])):
        if _is_nothing(other):
            return f"empty({value_of(one)})"
    return f"lower(text({value_of(given[0])})) == lower(text({value_of(given[1])}))"


_CONDITIONS: dict[str, Callable[[CallArguments], str]] = {
    "==": _equal,
    "!=": lambda given: f"!({_equal(given)})",
    "&&": lambda given: f"({condition_of(given[0])}) && ({condition_of(given[1])})",
    "||": lambda given: f"({condition_of(given[0])}) || ({condition_of(given[1])})",
    "!": lambda given: f"!({condition_of(given[0])})",
}
_TESTS: dict[str, Callable[[CallArguments], str]] = {
    "stringContains": lambda given: f"contains(text({value_of(given[0])}), {value_of(given[1])})",
    "contains": lambda given: f"contains(text({value_of(given[0])}), {value_of(given[1])})",
    "startsWith": lambda given: f"starts_with(text({value_of(given[0])}), {value_of(given[1])})",
    "Arrays.contains": lambda given: f"contains({_array(given[0])}, {value_of(given[1])})",
    "Arrays.isEmpty": lambda given: f"empty({value_of(given[0])})",
    "isEmpty": lambda given: f"empty({value_of(given[0])})",
}


def _array(node: Node) -> str:
    """A list, also of one value or of nothing."""
    return f"(not_null({value_of(node)}, `[]`) | to_array(@))"


def _internal(given: CallArguments, _: FunctionCall) -> str:
    wanted = given.text(1)
    if wanted not in ("id", "status"):
        raise NotEvaluated(f"The internal property {wanted} is not in an export.")
    return _or_nothing(wanted)


def _substring(given: CallArguments, call: FunctionCall) -> str:
    start = given.number(1)
    length = f", `{given.number(2) - start}`" if len(call.arguments) > 2 else ""
    return f"substring({value_of(given[0])}, `{start}`{length})"


def _string_switch(given: CallArguments, call: FunctionCall) -> str:
    """The first key that the input contains, as Okta documents it."""
    pairs = call.arguments[2:]
    if len(pairs) % 2:
        raise NotEvaluated("stringSwitch has a key without a value.")
    result = value_of(given[1])
    for key, value in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
        held = f"contains(text({value_of(given[0])}), {value_of(key)})"
        result = f"if({held}, {value_of(value)}, {result})"
    return result


def _number(given: CallArguments, _: FunctionCall) -> str:
    return f"to_number({value_of(given[0])})"


_VALUES: dict[str, Make] = {
    "+": every("concat", value_of),
    "append": every("concat", value_of),
    "?:": lambda given, _: (
        f"if(empty({value_of(given[0])}), {value_of(given[1])}, {value_of(given[0])})"
    ),
    "join": every("join", value_of),
    "toLowerCase": plain("lower", value_of),
    "toUpperCase": plain("upper", value_of),
    "trim": plain("trim", value_of),
    "len": lambda given, _: f"length(text({value_of(given[0])}))",
    "length": lambda given, _: f"length(text({value_of(given[0])}))",
    "removeSpaces": lambda given, _: f"replace({value_of(given[0])}, ' ', '')",
    "replace": three("replace", value_of),
    "replaceFirst": three("replace_first", value_of),
    "substring": _substring,
    "substringBefore": pair("before", value_of),
    "substringAfter": pair("after", value_of),
    "stringSwitch": _string_switch,
    "getInternalProperty": _internal,
    "Arrays.toCsvString": lambda given, _: f"join(',', {value_of(given[0])})",
    "Arrays.get": lambda given, _: f"({_array(given[0])} | [{given.number(1)}])",
    "Arrays.size": lambda given, _: f"length({_array(given[0])})",
    "Arrays.flatten": lambda given, _: f"{_array(given[0])}[]",
    "Convert.toInt": _number,
    "Convert.toNum": _number,
}
