"""The sentences about the connection of the open profile."""

RESTARTED = "The service ended and was started again."
BROKEN, SEE_FAULT = "Looking at the server failed inside this program.", "! shows why."
REOPENING, TRY_AGAIN = "The connection is being opened again.", "Try again when it is."
MAY_HANG = "The service may hang; r asks again now."


def no_answer(seconds: float) -> str:
    """A snapshot took too long."""
    return f"No answer for {seconds:.0f} s."
