"""The plan that takes away what people who left still have: commands of the AWS CLI, to review.

This program runs none of them. Everything from outside is quoted for a POSIX shell, and in a
comment it is one line without control characters.
"""

import re
import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scim_tui.config.aws import AwsRef
from scim_tui.config.paths import write_atomic
from scim_tui.core.leavers.leaver import SESSIONS, Leaver, Leavers
from scim_tui.model.ages import stamp
from scim_tui.model.errors import UsageError
from scim_tui.model.escaping import reveal
from scim_tui.model.typed_path import at_home

_ARN = re.compile(r"(arn:[a-z-]+:sso):::permissionSet/(ssoins-[0-9a-zA-Z]+)/ps-[0-9a-zA-Z]+")


def write_plan(path: Path, leavers: Leavers, aws: AwsRef | None, made_at: datetime) -> int:
    """Write the plan; returns how many commands it has. Raises `UsageError`."""
    lines = list(plan_lines(leavers, aws, made_at))
    try:
        write_atomic(at_home(path), (f"{line}\n" for line in lines))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", "Name another place."
        ) from error
    return sum(1 for line in lines if line.startswith("aws "))


def plan_lines(leavers: Leavers, aws: AwsRef | None, made_at: datetime) -> Iterator[str]:
    """The plan, line by line."""
    yield "#!/bin/sh"
    yield f"# Made by scim-tui at {stamp(made_at)}. None of this was run: review it, then run it."
    yield f"# Assignments as of {stamp(leavers.access_as_of)}, memberships as of"
    yield f"# {stamp(leavers.members_as_of)}. Take people out of their groups in the IdP first: it"
    yield "# may push the memberships again."
    for sentence in SESSIONS:
        yield f"# {sentence}"
    yield "set -eu"
    for name, known in _variables(leavers, aws):
        yield f"{name}={known}"
    for leaver in leavers.people:
        yield ""
        yield f"# {_comment(leaver.user_name or leaver.user_id)}: {leaver.reason}"
        yield from _commands(leaver, aws)


def _variables(leavers: Leavers, aws: AwsRef | None) -> Iterator[tuple[str, str]]:
    """What the commands need and is not known here: the script stops until it is set."""
    if any(each.groups for each in leavers.people) and not (aws and aws.identity_store_id):
        yield "IDENTITY_STORE_ID", '"${IDENTITY_STORE_ID:?set it, such as d-1234567890}"'
    sets = {each.set_id for leaver in leavers.people for each in leaver.access}
    sets |= {each.set_id for leaver in leavers.people for each in leaver.dangling}
    if any(not _ARN.fullmatch(each) for each in sets):
        yield "INSTANCE_ARN", '"${INSTANCE_ARN:?set it: aws sso-admin list-instances}"'


def _commands(leaver: Leaver, aws: AwsRef | None) -> Iterator[str]:
    direct = [(each.account_id, each.set_id, each.user_id) for each in leaver.access if each.direct]
    left = [(each.account_id, each.set_id, each.principal_id) for each in leaver.dangling]
    for account, pset, principal in dict.fromkeys((*direct, *left)):
        yield (
            f"aws sso-admin delete-account-assignment --instance-arn {_instance(pset)}"
            f" --target-type AWS_ACCOUNT --target-id {shlex.quote(account)}"
            f" --permission-set-arn {shlex.quote(pset)}"
            f" --principal-type USER --principal-id {shlex.quote(principal)}{_where(aws)}"
        )
    known = bool(aws and aws.identity_store_id)
    store = shlex.quote(aws.identity_store_id) if aws and known else '"$IDENTITY_STORE_ID"'
    for group in leaver.groups:
        yield f"# group {_comment(group.name or group.id)}"
        member = shlex.quote(f"UserId={leaver.user_id}")
        yield (
            f"aws identitystore delete-group-membership --identity-store-id {store}"
            f' --membership-id "$(aws identitystore get-group-membership-id'
            f" --identity-store-id {store} --group-id {shlex.quote(group.id)}"
            f' --member-id {member} --query MembershipId --output text{_where(aws)})"{_where(aws)}'
        )


def _instance(set_id: str) -> str:
    """The ARN of the instance, which is part of the ARN of each of its permission sets."""
    found = _ARN.fullmatch(set_id)
    return f"{found[1]}:::instance/{found[2]}" if found else '"$INSTANCE_ARN"'


def _where(aws: AwsRef | None) -> str:
    if aws is None:
        return ""
    profile = f" --profile {shlex.quote(aws.aws_profile)}" if aws.aws_profile else ""
    return f" --region {shlex.quote(aws.region)}{profile}"


def _comment(text: str) -> str:
    return " ".join(reveal(text).split())
