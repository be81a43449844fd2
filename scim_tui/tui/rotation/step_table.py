"""The table of the eight steps: what the program does, what the person does, what proves it."""

from typing import NamedTuple

from scim_tui.model.ages import span
from scim_tui.model.rotation.proof import silence_needed
from scim_tui.model.rotation.rotation import Policy, Rotation, State, Strategy


class StepWords(NamedTuple):
    """A step: what the tool does, what the person does, what proves it."""

    title: str
    tool: str
    person: str
    proof: str


_STEPS = (
    StepWords(
        "Check before anything is changed",
        "looks at provisioning, slots and both ends; changes nothing",
        "read it; mend what is marked bad, then r",
        "the answers below, asked just now",
    ),
    StepWords(
        "Create the new token",
        "asks for one token, keeps its text in memory, tests it once",
        "Enter; the old token stays valid until step 7",
        "its id in the list of tokens; our own request accepted: E1",
    ),
    StepWords(
        "Deliver the secret",
        "hands it over by the way you choose, and keeps a receipt",
        "choose a way by its number; Enter does it",
        "the receipt: way, time, outcome; never the text",
    ),
    StepWords(
        "Install it in the IdP",
        "shows the way through the console, or asks the IdP itself",
        "paste, save, let the IdP test it; then Enter",
        "the IdP's own test: E2, weaker when it is your word",
    ),
    StepWords(
        "Watch for the IdP with the new token",
        "reads tokens and requests every few seconds, also with b",
        "trigger a request: change something in the IdP",
        "its request with the new token: E3; a write: E4",
    ),
    StepWords(
        "Prove",
        "holds what was seen against the policy",
        "Enter when it is enough; O when you accept less",
        "{needed}",
    ),
    StepWords(
        "Delete the old token",
        "looks once more, deletes it, lists the tokens again",
        "type DELETE",
        "the answer to the deletion, or the list without it",
    ),
    StepWords(
        "Receipt",
        "looks whether a client is refused; keeps the receipt",
        "nothing; read what is still yours to do",
        "no refusal (401, 403) seen since the deletion",
    ),
)


def step_words(rotation: Rotation, step: int) -> StepWords:
    """A row of the table, adapted to the strategy and the state of this rotation."""
    found = _STEPS[step]
    if step == 1 and rotation.strategy is Strategy.GUIDED:
        found = found._replace(
            tool="takes the text hidden, keeps it in memory, tests it once",
            person="make a token in the console; Enter, then its id and its text",
        )
    if step == 1 and rotation.strategy is Strategy.SWAP:
        found = found._replace(
            person="Enter: choose its way first, then type DELETE",
            tool="asks for one token, which ends the old one; tests it, hands it over",
        )
    if rotation.state is State.SUSPENDED:
        found = StepWords(
            "The old token is off",
            "looks every few seconds; a refusal brings the old one back",
            "wait, then Enter; Z lets it in again now",
            "no client was refused for {length}",
        )
    if step == 6 and rotation.strategy is Strategy.GUIDED:
        found = found._replace(
            tool="watches for refusals afterwards",
            person="delete it in the console, then type DELETE",
            proof="your word, and no refusal afterwards",
        )
    return found._replace(
        proof=found.proof.format(needed=needed(rotation), length=span(silence_needed(rotation)))
    )


def needed(rotation: Rotation) -> str:
    """The proof that the policy wants before the old token is deleted."""
    return needed_by(rotation.policy, span(silence_needed(rotation)))


def needed_by(policy: Policy, length: str) -> str:
    """A policy in words."""
    return (
        f"{policy.level} and the old token silent for {length}"
        if policy.silence
        else str(policy.level)
    )
