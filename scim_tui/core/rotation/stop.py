"""Stops a rotation before its end, and deletes a new token again."""

from scim_tui.core.rotation.session import RotationSession
from scim_tui.model.errors import ScimTuiError
from scim_tui.model.rotation.deliver import DiscardChosen, discardable
from scim_tui.model.rotation.guards import require_word
from scim_tui.model.rotation.rotation import Rotation, State
from scim_tui.model.rotation.settle import Aborted, require_stoppable
from scim_tui.model.unknown_values import NEVER


async def stop(session: RotationSession, word: str) -> Rotation:
    """Stop the rotation; with DELETE typed, delete the new token before.

    The old token is switched on again first, so that nothing is left switched off.
    """
    rotation = session.rotation
    if word and rotation.new is not None:
        require_word(word, "Deleting the new token")
        discardable(rotation)
    if rotation.suspended_at is not NEVER:
        await _switch_old_on(session)
    if word and rotation.new is not None:
        await discard(session, word)
    require_stoppable(session.rotation)
    ending = await _which_tokens_exist(session)
    await session.note("abort", f"{rotation.id}: {ending}")
    return session.step(Aborted(session.clock(), ending))


async def discard(session: RotationSession, word: str) -> Rotation:
    """Delete the new token (typed DELETE), after a look whether it is in use."""
    require_word(word, "Deleting a token")
    session.provider.capabilities.delete_token.require()
    tokens = await session.observe()
    if session.rotation.new is None:
        return session.rotation
    session.step(DiscardChosen(session.clock(), word, tokens))
    session.forget()
    await session.delete("token.delete", word)
    return session.rotation


async def _switch_old_on(session: RotationSession) -> None:
    if session.rotation.state is State.SUSPENDED:
        await session.reinstate("the rotation stops")
    else:
        await session.put_back(await session.observe())


async def _which_tokens_exist(session: RotationSession) -> str:
    try:
        tokens = await session.tokens()
    except ScimTuiError:
        tokens = None
    if tokens is None:
        return "Which tokens exist is not known."
    ids = ", ".join(token.id for token in tokens)
    return f"These tokens exist: {ids}." if ids else "No token exists."
