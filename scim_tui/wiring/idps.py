"""Which identity provider pushes to a profile."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scim_tui.config.profiles import Profile
    from scim_tui.idps.port import Idp


def idp_for(profile: "Profile", text: str = "") -> "Idp":
    """Who pushes to this profile: what `text` names, else what the profile does.

    A demo has its simulated IdP; where nothing is named, a person is led. Raises `UsageError`.
    """
    from scim_tui.config.idps import IdpRef, parse_idp

    ref = parse_idp(text, "--idp") if text else profile.idp
    match ref or IdpRef("demo" if profile.provider == "demo" else "manual", "other"):
        case IdpRef("command", where):
            from scim_tui.idps.command import CommandIdp

            return CommandIdp(where)
        case IdpRef("secretsmanager", where, key):
            from scim_tui.idps.secretsmanager import SecretsManagerIdp

            return SecretsManagerIdp(where, key)
        case IdpRef("ssm", where, key):
            from scim_tui.idps.ssm import ParameterStoreIdp

            return ParameterStoreIdp(where, key)
        case IdpRef("demo"):
            from scim_tui.demo.idp import DemoIdp

            return DemoIdp(profile.data_dir)
        case IdpRef(_, name):
            from scim_tui.idps.manual import ManualIdp

            return ManualIdp(name)
