"""Turns failed requests into errors for people: no answer, or a refusal."""

import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import httpx

from scim_tui.model.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    Refused,
    ScimTuiError,
    Throttled,
    Unreachable,
    Unreadable,
)
from scim_tui.scim.error_words import MOST_DETAIL, one_line, words_in
from scim_tui.scim.names import canonical
from scim_tui.scim.wire import number, part, read_json, text

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_BROKEN: tuple[tuple[type[BaseException], str, str], ...] = (
    (socket.gaierror, "its name is not known", "Check the address and your name server."),
    (
        ConnectionRefusedError,
        "the connection was refused",
        "Nothing listens there: is the service started?",
    ),
    (
        httpx.ConnectTimeout,
        "it did not accept a connection in time",
        "Check your network, VPN or firewall.",
    ),
    (httpx.TimeoutException, "no answer came in time", "The service may be slow: try again."),
    (TimeoutError, "no answer came in time", "The service may be slow: try again."),
)
_NOT_TRUSTED = (
    "its certificate is not trusted",
    "Check the address, or name the authority of your network: ca_bundle in the profile.",
)
_CERTIFICATE = {
    9: ("its certificate is not valid yet", "Look at the clock of this machine."),
    10: (
        "its certificate has ended",
        "Ask its operator for a new one; or is the clock of this machine wrong?",
    ),
    62: ("its certificate is for another name", "Check the host in the address."),
    64: ("its certificate is for another name", "Write the host by name, not by number."),
}
"""By the codes of X509_verify_cert_error_string in OpenSSL; all others are not trusted."""
_PROXY_SAYS = (
    "It is the proxy of the environment (HTTPS_PROXY): does it ask for a name, or forbid it?"
)
_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""No failures: TLS waits for the other side."""
_HINTS = {
    401: "The token may be expired, deleted, or made for another endpoint.",
    403: "The token is known, but may not do this.",
    404: "It may have been deleted meanwhile, or the endpoint is not the right one.",
    409: "Look for the same name, address or externalId in the directory.",
    429: "The limit of requests is reached: try again later.",
}
_FAULT = "The service has a fault: try again later, and quote the request id to its operator."
_PROXY = "A portal or a proxy may have answered in place of the service: check the endpoint."


class HttpAnswer(NamedTuple):
    """A response: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes = b""


class ErrorBody(NamedTuple):
    """The message of an error body."""

    detail: str
    request_id: str
    hint: str = ""


def no_answer(error: Exception, method: str, asked: str, host: str) -> ScimTuiError:
    """The error for a request that got no answer.

    `OutcomeUnknown` when a change was sent, since it may have been carried out.
    """
    if isinstance(error, httpx.DecodingError):
        return Unreadable(f"{asked} was answered with data that cannot be unpacked.", _PROXY)
    reason, hint = reason_of(error)
    if isinstance(error, _NOT_SENT) or method == "GET":
        return Unreachable(f"{host} cannot be reached: {reason}.", hint)
    return OutcomeUnknown(
        f"{asked} was sent to {host}, but {reason}.",
        "It may have been carried out: look before you repeat it.",
    )


def reason_of(error: Exception) -> tuple[str, str]:
    """The reason and a hint, from the first known cause in the chain."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _WAITING):
            return _insecure(cause)
        for kind, reason, hint in _BROKEN:
            if isinstance(cause, kind):
                return reason, hint
        if isinstance(cause, httpx.ProxyError):
            return f"the proxy says {_said(cause)}", _PROXY_SAYS
        if isinstance(cause, httpx.RemoteProtocolError) and not _hung_up(cause):
            return "what came back is not HTTP", "Check the port: something else listens there."
        if isinstance(cause, OSError) and cause.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH}:
            return "there is no route to it", "Check your network or VPN."
    return "the connection broke off", "Try again."


def _insecure(error: ssl.SSLError) -> tuple[str, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE.get(getattr(error, "verify_code", 0), _NOT_TRUSTED)
    if "CERTIFICATE_REQUIRED" in (getattr(error, "reason", None) or ""):
        return "it asks for a certificate of ours", "Name one: client_cert in the profile."
    return "no secure connection could be made", (
        "Is this an https address? If it asks for a certificate, name one: client_cert."
    )


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or "no"


def _hung_up(error: httpx.RemoteProtocolError) -> bool:
    """Whether the server closed the connection; false: it sent something that is not HTTP."""
    return any(words in str(error) for words in ("disconnected", "closed connection"))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes; exception groups are flattened."""
    seen: set[int] = set()
    left = [error]
    while left:
        found = left.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        left += [found.__cause__, found.__context__]
        if isinstance(found, BaseExceptionGroup):
            left += found.exceptions


def refusal(answer: HttpAnswer, asked: str) -> ScimTuiError:
    """The error for an answer of 300 and above, with the server's own words."""
    if answer.status < 400:
        return Unreadable(
            f"{asked} was answered with a redirect, which is not followed with a token.",
            "Configure the address that the service answers at itself.",
            status=answer.status,
            request_id=read_request_id(answer, {}),
        )
    said = read_error(answer)
    detail = said.detail or _status_words(answer.status)
    return failure(
        answer, f"{asked} was refused: {detail}", said.hint or _hint(answer), said.request_id
    )


def refused_in(answer: HttpAnswer, found: Mapping[str, Any], asked: str) -> ScimTuiError:
    """The error for a SCIM error that came with a status of success."""
    status = number(canonical(found).get("status")) or 0
    return refusal(answer._replace(status=status if 400 <= status < 600 else 400), asked)


def failure(answer: HttpAnswer, message: str, hint: str, request_id: str) -> ScimTuiError:
    """The error whose class fits the status."""
    status = answer.status
    if status in {401, 403}:
        return NotAllowed(message, hint, status=status, request_id=request_id)
    if status == 429:
        after = answer.headers.get("retry-after", "")
        seconds = float(after[:9]) if after.isascii() and after.isdigit() else 1.0
        return Throttled(message, hint, retry_after=seconds, request_id=request_id)
    kind = {404: NotFound, 409: Conflict}.get(status, Refused)
    return kind(message, hint, status=status, request_id=request_id)


def read_error(answer: HttpAnswer) -> ErrorBody:
    """The message in an error body: in the form of SCIM, of our admin API, or any other."""
    try:
        found = read_json(answer.body, "")
    except Unreadable:
        return ErrorBody(_plain(answer.body), read_request_id(answer, {}))
    body = canonical(found) if isinstance(found, dict) else {}
    hint = text(part(body, "error").get("hint"))
    return ErrorBody(one_line(words_in(found)), read_request_id(answer, body), one_line(hint))


def read_request_id(answer: HttpAnswer, body: Mapping[str, Any]) -> str:
    """The id to quote in a ticket, or an empty text."""
    ids = (
        text(body.get("exceptionRequestId")),
        answer.headers.get("x-amzn-requestid", ""),
        answer.headers.get("x-request-id", ""),
    )
    return next((found[:128] for found in ids if found), "")


def _plain(body: bytes) -> str:
    """A body that is not JSON, if it is a short text and not a web page; else empty."""
    if body.lstrip()[:1] == b"<":
        return ""
    return one_line(body[: 4 * MOST_DETAIL].decode("utf-8", "replace"))


def _status_words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}."
    except ValueError:
        return f"status {status}."


def _hint(answer: HttpAnswer) -> str:
    if answer.body.lstrip()[:1] == b"<":
        return _PROXY
    return _HINTS.get(answer.status, _FAULT if answer.status >= 500 else "")
