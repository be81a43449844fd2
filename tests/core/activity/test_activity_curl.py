"""A refused request as a curl command."""

import shlex

from scim_tui.core.activity.curl import curl_of
from scim_tui.model.sent_request import SentRequest
from scim_tui.model.unknown_values import UNKNOWN
from tests.fakes.sample import START


def sent(**fields: object) -> SentRequest:
    plain = {"request_id": "r", "at": START, "method": "POST", "path": "/Users", "masked": False}
    return SentRequest.model_validate(plain | fields)


def test_the_command_repeats_the_request_without_the_token() -> None:
    body = {"userName": "o'brien\x1b[2J", "title": "$(id) `id`"}
    text = curl_of(sent(body=body), "https://scim.example.com/t/scim/v2/")
    words = shlex.split(text.replace("\\\n", ""))
    assert words[:4] == ["curl", "-X", "POST", "https://scim.example.com/t/scim/v2/Users"]
    assert "Authorization: Bearer ***" in words
    assert words[-1] == '{"userName": "o\'brien\\u001b[2J", "title": "$(id) `id`"}'
    assert text.replace("\n", "").isprintable()


def test_without_a_body_and_without_a_known_endpoint() -> None:
    text = curl_of(sent(method="GET", path="/Users/ü x", query='filter=a eq "b"'), UNKNOWN)
    assert "'https://ENDPOINT/Users/%C3%BC%20x?filter=a%20eq%20%22b%22'" in text or (
        "https://ENDPOINT/Users/%C3%BC%20x?filter=a%20eq%20%22b%22" in text
    )
    assert "--data-raw" not in text
