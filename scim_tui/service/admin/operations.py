"""All operations of the admin API, as they are routed and documented."""

from collections.abc import Awaitable, Callable, Mapping

from scim_tui.model.activity import EventGroups, EventPage, Traffic
from scim_tui.model.base import Value
from scim_tui.model.directory import Summary
from scim_tui.model.history import History
from scim_tui.model.provisioning import AccessToken, ProvisioningStatus
from scim_tui.model.sent_request import SentRequest
from scim_tui.service.admin import access, calls, pushes
from scim_tui.service.admin.calls import AdminCall, Reply
from scim_tui.service.admin.models import (
    Checkup,
    EnableAnswer,
    EventGroupQuery,
    EventQuery,
    EventSearchQuery,
    GroupPage,
    GroupsQuery,
    Health,
    IssuedToken,
    NoQuery,
    PageQuery,
    Query,
    Resource,
    TokenList,
    TrafficQuery,
    UserPage,
    UsersQuery,
)
from scim_tui.service.admin.openapi import Operation

Call = Callable[[AdminCall], Awaitable[Reply]]
AdminOperation = Operation[Call]

_PUBLIC = frozenset({calls.health})
_WITH_BODY = frozenset({pushes.create_user, pushes.patch_user})


def _on(
    request: str,
    call: Call,
    answers: Mapping[int, type[Value] | None],
    query: type[Query] = NoQuery,
    refusals: tuple[int, ...] = (),
) -> AdminOperation:
    method, path = request.split()
    return Operation(
        method=method,
        path=path,
        name=call.__name__,
        summary=(call.__doc__ or "").partition(" Raises ")[0],
        answer=call,
        answers=answers,
        query=query,
        refusals=refusals if method == "GET" else (*refusals, 413),
        public=call in _PUBLIC,
        takes_body=call in _WITH_BODY,
    )


OPERATIONS: tuple[AdminOperation, ...] = (
    _on("GET /health", calls.health, {200: Health}),
    _on("GET /checkup", calls.checkup, {200: Checkup}),
    _on("GET /provisioning", calls.provisioning_status, {200: ProvisioningStatus}),
    _on("POST /provisioning/enable", calls.enable, {200: EnableAnswer, 201: EnableAnswer}),
    _on("POST /provisioning/disable", calls.disable, {200: ProvisioningStatus}, refusals=(409,)),
    _on("GET /tokens", calls.list_tokens, {200: TokenList}),
    _on("POST /tokens", calls.create_token, {201: IssuedToken}, refusals=(409,)),
    _on("DELETE /tokens/{id}", calls.delete_token, {204: None}, refusals=(404,)),
    _on("POST /tokens/{id}/suspend", calls.suspend_token, {200: AccessToken}, refusals=(404,)),
    _on("POST /tokens/{id}/reinstate", calls.reinstate_token, {200: AccessToken}, refusals=(404,)),
    _on("GET /events", calls.list_events, {200: EventPage}, EventQuery),
    _on("GET /events/search", calls.search, {200: EventPage}, EventSearchQuery),
    _on("GET /events/groups", calls.groups, {200: EventGroups}, EventGroupQuery),
    _on("GET /requests/{id}", calls.show_request, {200: SentRequest}, refusals=(404,)),
    _on("GET /traffic", calls.traffic, {200: Traffic}, TrafficQuery),
    _on("GET /access", access.access, {200: access.AccessList}, refusals=(404,)),
    _on("GET /history", calls.weeks, {200: History}, TrafficQuery),
    _on("GET /directory", calls.directory, {200: Summary}),
    _on("GET /users", calls.list_users, {200: UserPage}, UsersQuery),
    _on("POST /users", pushes.create_user, {201: Resource}, refusals=(409,)),
    _on("PATCH /users/{id}", pushes.patch_user, {200: Resource}, refusals=(404, 409)),
    _on("GET /users/{id}", calls.show_user, {200: Resource}, refusals=(404,)),
    _on("GET /users/{id}/groups", calls.list_groups_of, {200: GroupPage}, PageQuery, (404,)),
    _on("GET /groups", calls.list_groups, {200: GroupPage}, GroupsQuery),
    _on("GET /groups/{id}", calls.show_group, {200: Resource}, refusals=(404,)),
    _on("GET /groups/{id}/members", calls.list_members, {200: UserPage}, PageQuery, (404,)),
)
