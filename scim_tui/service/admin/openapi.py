"""The OpenAPI 3.1 document of the admin API, made from the operations that the code answers."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from scim_tui import __version__
from scim_tui.model.base import Value
from scim_tui.service.admin.models import Error, NoQuery, Query

Json = dict[str, Any]
Handler = TypeVar("Handler", bound=Callable[..., Awaitable[object]])

_REF = "#/components/schemas/{model}"
_REASONS = {
    200: "Done.",
    201: "Made.",
    204: "Gone.",
    400: "A parameter or the body is not valid.",
    401: "The admin key is missing or wrong.",
    404: "There is none with this id.",
    409: "The order of steps is wrong; the message says why.",
    413: "The body is too large.",
    500: "The database is damaged, or the service failed.",
    503: "The database cannot be used now; the message says why.",
    507: "The disk is full.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[Handler]):
    """One operation of the admin API, as it is routed and documented."""

    method: str
    path: str
    name: str
    summary: str
    answer: Handler
    answers: Mapping[int, type[Value] | None]
    """Body by status, of success; None: no body."""
    query: type[Query] = NoQuery
    refusals: tuple[int, ...] = field(default=())
    public: bool = False
    """Whether it is answered without the admin key."""
    takes_body: bool = False
    """Whether it needs SCIM JSON in its body."""


def document(operations: Iterable[Operation[Any]], *, needs_key: bool) -> Json:
    """The document, for a service with or without an admin key."""
    listed = list(operations)
    paths: dict[str, Json] = {}
    for operation in listed:
        described = _operation(operation, needs_key and not operation.public)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    components: Json = {"schemas": _schemas(listed)}
    if needs_key:
        components["securitySchemes"] = {"adminKey": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "scim-tui administration",
            "version": __version__,
            "description": "Administration of the embedded provisioning service.",
        },
        "servers": [{"url": "/admin/v1"}],
        "paths": paths,
        "components": components,
    }


def _operation(operation: Operation[Any], needs_key: bool) -> Json:
    refusals = {400, *operation.refusals} | ({401} if needs_key else set())
    if not operation.public:
        refusals |= {500, 503, 507}
    answers = {status: _answer(status, model) for status, model in operation.answers.items()}
    answers |= {status: _answer(status, Error) for status in sorted(refusals)}
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "responses": {str(status): answer for status, answer in answers.items()},
    }
    if operation.takes_body:
        content = {"application/json": {"schema": {"type": "object"}}}
        described["requestBody"] = {"required": True, "content": content}
    if needs_key:
        described["security"] = [{"adminKey": []}]
    return described


def _answer(status: int, model: type[Value] | None) -> Json:
    answer: Json = {"description": _REASONS[status]}
    if model is not None:
        schema = {"$ref": _REF.format(model=model.__name__)}
        answer["content"] = {"application/json": {"schema": schema}}
    return answer


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: type[Query]) -> list[Json]:
    schema = query.model_json_schema()
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _present(part)}
        for name, part in schema.get("properties", {}).items()
    ]


def _present(part: Mapping[str, Any]) -> Json:
    """The schema of a parameter that is present: a null parameter is left out."""
    kinds = [kind for kind in part.get("anyOf", ()) if kind.get("type") != "null"]
    rest = {key: value for key, value in part.items() if key not in ("anyOf", "title")}
    if not kinds:
        return rest
    rest.pop("default", None)
    return {**rest, **kinds[0]}


def _schemas(operations: list[Operation[Any]]) -> Json:
    answers: set[type[Value]] = {Error}
    for operation in operations:
        answers.update(model for model in operation.answers.values() if model is not None)
    ordered = sorted(answers, key=lambda model: model.__name__)
    pairs: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (one, "serialization") for one in ordered
    ]
    _, definitions = models_json_schema(pairs, ref_template=_REF)
    return dict(definitions["$defs"])
