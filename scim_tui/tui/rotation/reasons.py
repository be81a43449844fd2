"""Which keys of the wizard make sense at which state, and why the others are off."""

from scim_tui.model.rotation.rotation import Rotation, State, Strategy

DELIVERS = (State.PROBED, State.DELIVERED, State.INSTALL_CLAIMED, State.IDP_TESTED, State.WATCHING)
"""Where the secret may be handed over, for the first time or again."""
WATCHES = (
    State.DELIVERED,
    State.INSTALL_CLAIMED,
    State.IDP_TESTED,
    State.WATCHING,
    State.PROVEN,
    State.UNPROVEN_ACCEPTED,
    State.SUSPENDED,
    State.DELETED,
    State.AFTERWATCH,
)
"""Where looking leads on by itself."""
_LESS = (State.INSTALL_CLAIMED, State.IDP_TESTED, State.WATCHING)
_OURS = (State.HOLDING, State.PROBE_FAILED, State.PROBED)
_UNUSED = (*_OURS, State.SECRET_GONE, State.DELIVERED)
_CHECKS = (State.PREFLIGHT, State.FREE_SLOT, State.CREATE_INTENT)


def why_not(action: str, rotation: Rotation | None, *, secret_held: bool) -> str | None:
    """The reason why an action is off at this state, or None."""
    if action not in _RULES:
        return None
    if rotation is None:
        return "No rotation is open here; R on Status starts one."
    if not rotation.open:
        return None if action in {"go_on", "export"} else "This rotation is over."
    states, words = _RULES[action]
    if states and rotation.state not in states:
        return words
    return _special(action, rotation, secret_held=secret_held)


def _special(action: str, rotation: Rotation, *, secret_held: bool) -> str | None:
    if action == "suspend" and rotation.strategy in (Strategy.GUIDED, Strategy.SWAP):
        return f"Not with {rotation.strategy}: there is no other token to switch off."
    if action == "secret" and not secret_held:
        return "The text of the new token is not in memory."
    if action == "by_hand" and rotation.strategy is not Strategy.GUIDED:
        return "Only this program has the text: hand it over."
    if action == "discard" and rotation.strategy is Strategy.SWAP:
        return "There is no second token to be discarded."
    if action == "discard" and rotation.strategy is Strategy.GUIDED:
        return "Here a person deletes tokens, in the console; Enter takes another one."
    return None


_RULES: dict[str, tuple[tuple[State, ...], str]] = {
    "go_on": ((), ""),
    "abort": ((), ""),
    "refresh": (
        (
            *_CHECKS,
            *WATCHES,
            State.SECRET_GONE,
            State.ATTENTION,
            State.DELETE_CONFIRM,
            State.DELETING,
            State.CREATING,
            State.CREATE_LOST,
        ),
        "There is nothing to be seen yet: the secret is not handed over.",
    ),
    "unproven": (_LESS, "It is for step 4 and 5, while proof is missing."),
    "trigger": (
        (*_LESS, State.DELIVERED, State.PROVEN, State.DELETED, State.AFTERWATCH),
        "The IdP does not have the new token yet.",
    ),
    "test": ((*_OURS, *_LESS), "There is nothing to be tested at this step."),
    "secret": (DELIVERS, "The secret is shown again only from step 3 on, until there is proof."),
    "by_hand": ((State.PROBED,), "It is for step 3, where a person made the token."),
    "suspend": (
        (State.PROVEN, State.SUSPENDED),
        "The old token is switched off at step 6 only, once there is proof.",
    ),
    "export": ((State.DONE, State.ABORTED), "There is a receipt once the rotation is over."),
    "discard": (_UNUSED, "Only a new token that is not in use is discarded."),
}
