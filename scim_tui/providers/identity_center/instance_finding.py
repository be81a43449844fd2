"""What an instance of Identity Center is like, as a finding: its state, owner, Region and key."""

from typing import NamedTuple

from scim_tui.model.checkup import Finding, Verdict
from scim_tui.providers.identity_center.instances import Instance

NAME = "AWS instance"
_STATES = {
    "ACTIVE": Verdict.OK,
    "CREATE_IN_PROGRESS": Verdict.WARN,
    "DELETE_IN_PROGRESS": Verdict.WARN,
    "CREATE_FAILED": Verdict.BAD,
}
_CUSTOMERS = "CUSTOMER_MANAGED_KEY"


class Ownership(NamedTuple):
    """Whose instance it is, and who asks. Records and notices are in the account that owns it."""

    owner: str = ""
    """Empty: not known."""
    caller: str = ""
    """Empty: not known."""

    @property
    def same(self) -> bool:
        """Whether the account that owns the instance is known to be the one that is asked."""
        return bool(self.owner) and self.owner == self.caller

    @property
    def words(self) -> str:
        """Which account was asked and which one owns the instance."""
        asked = f"account {self.caller}" if self.caller else "an account that is not known"
        owner = f"account {self.owner}" if self.owner else "an account that is not known"
        return f"{asked} was asked, the instance is owned by {owner}"

    @property
    def fix(self) -> str:
        """How the account that owns the instance is asked."""
        return (
            f"Ask account {self.owner}: name a role there (role_arn), or an aws_profile of it."
            if self.owner
            else "Allow sso:ListInstances, so that the owner is known."
        )


def instance_finding(instance: Instance, whose: Ownership, region: str) -> Finding:
    """The instance, as seen from one account and one Region."""
    named = f"{instance.store_id}{f' {instance.name}' if instance.name else ''}"
    if instance.primary_region and instance.primary_region != region:
        evidence = (
            f"{named}: {region} is an additional Region; SCIM, its tokens and its records are in "
            f"the primary Region {instance.primary_region} only"
        )
        fix = (
            f'Set region = "{instance.primary_region}" in the profile, and give the IdP the '
            "endpoint of that Region."
        )
        return Finding(NAME, Verdict.BAD, evidence, fix)
    verdict, key_fix = _STATES.get(instance.status, Verdict.UNKNOWN), ""
    facts = [f"{named}, {_state(instance)}"]
    if whose.owner and whose.caller and not whose.same:
        facts.append(f"owned by account {whose.owner}, asked from account {whose.caller}")
    if instance.key_type == _CUSTOMERS:
        facts.append(_key(instance))
        key_fix = "What a role needs for this key: scim-tui doctor --iam-policy kms"
        if instance.key_status == "UPDATE_FAILED" and verdict is Verdict.OK:
            verdict = Verdict.WARN
    return Finding(NAME, verdict, "; ".join(facts), key_fix)


def _state(instance: Instance) -> str:
    if not instance.status:
        return "which does not say its state"
    known = instance.status if instance.status in _STATES else f"in state {instance.status}"
    return f"{known} ({instance.status_reason})" if instance.status_reason else known


def _key(instance: Instance) -> str:
    state = f" ({instance.key_status})" if instance.key_status not in {"", "ENABLED"} else ""
    return f"encrypted with your KMS key {instance.key or 'of unknown ARN'}{state}"
