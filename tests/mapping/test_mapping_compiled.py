from typing import Any

import jmespath
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jmespath import visitor

from scim_tui.mapping.check.engine import RuleOutcome, apply
from scim_tui.mapping.rules.compiled import compiled
from scim_tui.mapping.rules.expressions import EVALUATION_ERRORS, BadExpression, Expression
from scim_tui.mapping.rules.functions import FUNCTIONS
from scim_tui.mapping.rules.rules import parse_rules

INTERPRETER = visitor.TreeInterpreter(visitor.Options(custom_functions=FUNCTIONS))
names = st.sampled_from(["a", "b", "c"])
plain = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-1, 1) | st.sampled_from(["", "x"])
)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner), max_leaves=10
)
leaves = names | st.sampled_from(
    ["`null`", "`false`", "`0`", "'x'", "''", "`[]`", "`{}`", "a.b", "a[0]", "b[-1]", "@", "c[]"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda two: f"({two[0]} || {two[1]})"),
        pairs.map(lambda two: f"({two[0]} && {two[1]})"),
        pairs.map(lambda two: f"({two[0]} == {two[1]})"),
        pairs.map(lambda two: f"({two[0]} != {two[1]})"),
        pairs.map(lambda two: f"({two[0]} < {two[1]})"),
        pairs.map(lambda two: f"({two[0]} | {two[1]})"),
        pairs.map(lambda two: f"a[?{two[0]}].b"),
        pairs.map(lambda two: f"default({two[0]}, {two[1]})"),
        pairs.map(lambda two: f"if({two[0]}, {two[1]}, 'no')"),
        pairs.map(lambda two: f"join('-', {two[0]}, {two[1]})"),
        inner.map(lambda one: f"!{one}"),
        inner.map(lambda one: f"lower({one})"),
        inner.map(lambda one: f"[{one}, a]"),
        inner.map(lambda one: f"{{x: {one}}}"),
        inner.map(lambda one: f"a[*].{{y: {one}}}"),
    )


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(leaves, grown, max_leaves=6), st.dictionaries(names, values))
def test_a_compiled_expression_means_what_the_interpreter_says(
    text: str, person: dict[str, Any]
) -> None:
    tree = jmespath.compile(text).parsed
    try:
        wanted: object = INTERPRETER.visit(tree, person)
    except EVALUATION_ERRORS as error:
        with pytest.raises(type(error)):
            compiled(tree)(person)
    else:
        found = compiled(tree)(person)
        assert found == wanted
        assert type(found) is type(wanted)


@given(st.dictionaries(st.sampled_from(["a", "b"]), values))
def test_the_trace_agrees_with_the_payload(person: dict[str, Any]) -> None:
    rules = parse_rules(
        'userName = "a"\ntitle = { source = "lower(b)", empty = "send" }\nactive = "b"\n'
        'nickName = { source = "a", when = "b" }',
        "rules",
    )
    payload = apply(rules, person)
    sent = {
        step.rule.target.path: step.value
        for step in payload.trace
        if step.outcome is RuleOutcome.SENT
    }
    assert sent == {key: value for key, value in payload.user.items() if key != "schemas"}
    failed = [step for step in payload.trace if step.outcome is RuleOutcome.FAILED]
    failed += [
        step
        for step in payload.trace
        if step.rule.says_active and step.outcome is RuleOutcome.EMPTY
    ]
    assert len(failed) == len(payload.failed)


PERSON = {
    "mail": "ada@corp.example",
    "name": "Zoë Łąd-Großer",
    "list": ["a", "b"],
    "flags": "514",
    "none": None,
    "blank": "",
    "zero": 0,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("last(list)", "b"),
        ("last(mail)", "ada@corp.example"),
        ("substring(mail, `0`, `3`)", "ada"),
        ("substring(mail, `4`)", "corp.example"),
        ("substring(none, `1`, `2`)", None),
        ("before(mail, '@')", "ada"),
        ("after(mail, '@')", "corp.example"),
        ("after(mail, '#')", ""),
        ("local_part(mail)", "ada"),
        ("domain(mail)", "corp.example"),
        ("domain(name)", None),
        ("ascii(name)", "Zoe Lad-Grosser"),
        ("title('ada lovelace')", "Ada Lovelace"),
        ("if(zero, 'yes', 'no')", "yes"),
        ("if(blank, 'yes', 'no')", "no"),
        ("empty(blank)", True),
        ("empty(zero)", False),
        ("zero || 'x'", 0),
        ("blank || none || 'x'", "x"),
        ("zero && 'x'", "x"),
        ("!zero", False),
        ("has_bit(flags, `2`)", True),
        ("has_bit('512', `2`)", False),
        ("has_bit(none, `2`)", None),
    ],
)
def test_the_newer_functions(text: str, value: object) -> None:
    assert Expression(text).of(PERSON) == value


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("trim(lower(a, b))", "lower() takes 1 values, not 2.", 6),
        ("if(a, b)", "if() takes 3 values, not 2.", 1),
        ("join('x')", "join() takes at least 2 values, not 1.", 1),
        ("locl_part(a)", "There is no function locl_part().", 1),
    ],
)
def test_a_call_is_checked_before_a_person_is_mapped(text: str, message: str, column: int) -> None:
    with pytest.raises(BadExpression) as caught:
        Expression(text)
    assert (caught.value.message, caught.value.column) == (message, column)


def test_a_rule_cannot_fill_the_memory() -> None:
    text = "a"
    for _ in range(12):
        text = f"replace({text}, 'a', 'aaaaaaaaaaaaaaaa')"
    rules = parse_rules(f'userName = "{text}"', "rules")
    assert [finding.code for finding in apply(rules, {"a": "a"}).failed] == ["rule.failed"]
