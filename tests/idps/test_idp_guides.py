from datetime import UTC, datetime
from importlib.resources import files

import pytest
from pydantic import SecretStr

from scim_tui.config.idps import GUIDES, IdpRef, parse_idp
from scim_tui.idps.guides import BY_HAND, guide, guides
from scim_tui.idps.manual import ManualIdp
from scim_tui.idps.port import Fact, Guide, Idp
from scim_tui.model.capabilities import Support
from scim_tui.model.errors import Unsupported, UsageError

ENDPOINT = "https://scim.us-east-1.amazonaws.com/f3vd2aa29dc-1/scim/v2/"


def facts(known: Guide) -> list[Fact]:
    alone = [known.link, known.test, known.slash]
    return [*known.steps, *known.speaks, *known.notes, *(fact for fact in alone if fact)]


def test_every_line_has_its_source() -> None:
    for name, known in guides().items():
        for fact in facts(known):
            assert fact.mark in {"doc", "src", "inf"}, (name, fact)
            assert len(fact.source) > 8, (name, fact)
            assert fact.text.isprintable()
            assert len(fact.text) <= 120, (name, fact.text)


def test_a_config_file_can_name_exactly_those_that_a_person_configures() -> None:
    assert GUIDES == BY_HAND
    assert set(BY_HAND) <= set(guides())
    for name in BY_HAND:
        assert ManualIdp(name).name == name


@pytest.mark.parametrize("name", GUIDES)
def test_each_guide_leads_a_person_through(name: str) -> None:
    idp = ManualIdp(name)
    steps = idp.steps(ENDPOINT)
    assert [step.copies for step in steps].count("secret") == 1
    assert [step.copies for step in steps].count("endpoint") == 1
    assert idp.guide.speaks
    assert idp.guide.slash
    if name != "other":
        assert idp.guide.link
        assert idp.guide.link.text.startswith("https://")
        assert idp.guide.test


@pytest.mark.parametrize(
    ("name", "wanted"), [("okta", ENDPOINT[:-1]), ("cyberark", ENDPOINT[:-1]), ("entra", ENDPOINT)]
)
def test_the_endpoint_is_as_the_idp_wants_it(name: str, wanted: str) -> None:
    assert [step.value for step in ManualIdp(name).steps(ENDPOINT) if step.value] == [wanted]


async def test_what_a_person_has_to_do_is_not_done_by_us() -> None:
    idp: Idp = ManualIdp("okta")
    assert idp.capabilities.install.support is Support.GUIDED
    assert (await idp.plan_install(ENDPOINT)).writes == ()
    for call in (
        idp.install(ENDPOINT, SecretStr("hush")),
        idp.test(),
        idp.trigger(),
        idp.status(),
        idp.events(datetime.now(UTC)),
    ):
        with pytest.raises(Unsupported, match=r"Okta|Test API"):
            await call
    await idp.aclose()


def test_an_unknown_guide_is_an_error() -> None:
    with pytest.raises(UsageError, match="no guide for 'acme'"):
        guide("acme")


def test_the_data_is_part_of_the_package() -> None:
    assert files("scim_tui.idps").joinpath("click_paths.toml").is_file()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("manual:okta", IdpRef("manual", "okta")),
        ("command:put --at {endpoint}", IdpRef("command", "put --at {endpoint}")),
        ("demo", IdpRef("demo")),
        (
            "secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:sync-AbC#token",
            IdpRef("secretsmanager", "arn:aws:secretsmanager:eu-west-1:1:secret:sync-AbC", "token"),
        ),
        ("ssm:/sso/token", IdpRef("ssm", "/sso/token")),
    ],
)
def test_a_reference_is_read_and_written_the_same(text: str, wanted: IdpRef) -> None:
    assert parse_idp(text) == wanted
    assert str(wanted) == text


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("manual:okat", "'manual:okat' is not known", "okta"),
        ("manul:okta", "is not known", "manual?"),
        ("manual", "is not known", "manual"),
        ("demo:x", "is not known", "demo"),
        ("acme", "is not known", "manual:NAME"),
        ("command:", "names no program", "command:PROGRAM"),
        ("command:put 'x", "cannot be read", "quotes"),
        ("command:put --token {secret}", "would show the secret", "standard input"),
        ("secretsmanager:", "names no stored secret", "ARN"),
        ("ssm:a b", "names no stored secret", "ssm:NAME"),
        ("ssm:name#", "ends with #", "leave # out"),
        ("eyJhbGciOi" * 50, "'eyJhbGciOieyJhbG...' is not known", "manual:NAME"),
    ],
)
def test_a_wrong_reference_is_reported_with_its_place(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError, match=r"^f\.toml: profiles\.a\.idp") as caught:
        parse_idp(text, "f.toml: profiles.a.idp")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert len(caught.value.message) < 120
