"""The subset of Okta's expression language that is evaluated, in JMESPath and our functions.

`user.x`, `appuser.x`, constants, `+`, `==`, `!=`, `AND`, `OR`, `!`, `a ? b : c`, and of `String`:
append, join, len, removeSpaces, replace, startsWith, stringContains, stringSwitch, substring,
substringAfter, substringBefore, toLowerCase, toUpperCase. All else is not evaluated.
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

_OWNERS = ("user", "source", "appuser", "appUser")


def value_of(node: Node) -> str:
    """The JMESPath that gives what the expression gives. Raises `NotEvaluated`."""
    if isinstance(node, Constant):
        return quoted(node.value)
    if isinstance(node, Attribute):
        return _attribute(node.name)
    name, given = node.name, Given(node)
    if name == "?":
        return f"if({condition_of(given[0])}, {value_of(given[1])}, {value_of(given[2])})"
    if make := _VALUES.get(name.removeprefix("String.").removeprefix(".")):
        return make(given, node)
    if name in _CONDITIONS or name.removeprefix("String.") in _TESTS:
        return condition_of(node)
    raise NotEvaluated(f"{name.removeprefix('.')} is not in the subset that is evaluated here.")


def condition_of(node: Node) -> str:
    """The JMESPath that is true when the condition holds."""
    if isinstance(node, Call):
        given = Given(node)
        if make := _CONDITIONS.get(node.name) or _TESTS.get(
            node.name.removeprefix("String.").removeprefix(".")
        ):
            return make(given)
        if node.name == "?":
            return value_of(node)
    return f"lower(text({value_of(node)})) == 'true'"


def _attribute(name: str) -> str:
    """Of a user: below `profile` in the users API, a column in a CSV."""
    owner, _, attribute = name.partition(".")
    if owner not in _OWNERS or not attribute or "." in attribute:
        raise NotEvaluated(f"{name} is not an attribute of the user.")
    if attribute in ("id", "status"):
        return attribute
    plain = quoted_name(attribute)
    return f"(profile.{plain} || {plain})"


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Constant) and node.value in (None, "")


def _equal(given: Given) -> str:
    for one, other in ((given[0], given[1]), (given[1], given[0])):
        if _is_nothing(other):
            return f"empty({value_of(one)})"
    return f"lower(text({value_of(given[0])})) == lower(text({value_of(given[1])}))"


_CONDITIONS: dict[str, Callable[[Given], str]] = {
    "==": _equal,
    "!=": lambda given: f"!({_equal(given)})",
    "&&": lambda given: f"({condition_of(given[0])}) && ({condition_of(given[1])})",
    "||": lambda given: f"({condition_of(given[0])}) || ({condition_of(given[1])})",
    "!": lambda given: f"!({condition_of(given[0])})",
}
_TESTS: dict[str, Callable[[Given], str]] = {
    "stringContains": lambda given: f"contains(text({value_of(given[0])}), {value_of(given[1])})",
    "contains": lambda given: f"contains(text({value_of(given[0])}), {value_of(given[1])})",
    "startsWith": lambda given: f"starts_with(text({value_of(given[0])}), {value_of(given[1])})",
}


def _plain(name: str) -> Callable[[Given, Call], str]:
    return lambda given, _: f"{name}({value_of(given[0])})"


def _pair(name: str) -> Callable[[Given, Call], str]:
    return lambda given, _: f"{name}({value_of(given[0])}, {value_of(given[1])})"


def _substring(given: Given, call: Call) -> str:
    start = given.number(1)
    length = f", `{given.number(2) - start}`" if len(call.arguments) > 2 else ""
    return f"substring({value_of(given[0])}, `{start}`{length})"


def _string_switch(given: Given, call: Call) -> str:
    """The first key that the input contains, as Okta documents it."""
    pairs = call.arguments[2:]
    if len(pairs) % 2:
        raise NotEvaluated("stringSwitch has a key without a value.")
    result = value_of(given[1])
    for key, value in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
        held = f"contains(text({value_of(given[0])}), {value_of(key)})"
        result = f"if({held}, {value_of(value)}, {result})"
    return result


def _joined(_: Given, call: Call) -> str:
    return f"join('', {', '.join(value_of(one) for one in call.arguments)})"


_VALUES: dict[str, Callable[[Given, Call], str]] = {
    "+": _joined,
    "append": _joined,
    "join": lambda _, call: f"join({', '.join(value_of(one) for one in call.arguments)})",
    "toLowerCase": _plain("lower"),
    "toUpperCase": _plain("upper"),
    "trim": _plain("trim"),
    "len": lambda given, _: f"length(text({value_of(given[0])}))",
    "removeSpaces": lambda given, _: f"replace({value_of(given[0])}, ' ', '')",
    "replace": lambda given, _: (
        f"replace({value_of(given[0])}, {value_of(given[1])}, {value_of(given[2])})"
    ),
    "substring": _substring,
    "substringBefore": _pair("before"),
    "substringAfter": _pair("after"),
    "stringSwitch": _string_switch,
}
