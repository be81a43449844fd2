"""The sentences and titles of the dialogs that several screens use."""

COMMAND = "Same by command:"
"""Above the command line that does the same as a dialog."""
YES_SEND = "yes, send it"
EXACT_WORD = "capitals matter; paste and Enter alone do nothing"

HANDED_OVER, NOTHING_YET = "  handed over: ", "nothing yet"
FOR_ENDPOINT = "  for the endpoint"
LOOKED_AT = "a look"
"""How a secret was handed over that was only shown."""
ANY_KEY_HIDES = "(Any key hides it.)"
NO_SUSPEND = "This terminal cannot be handed over: press s."
HIDDEN_AGAIN = "Hidden again. Some terminals keep what they showed: see their scrollback."
NO_CTRL_Z = "Ctrl-Z is off while a secret is held: close this first."
NEW_FILE = "A new file, readable by its owner only (0600). An existing one is not touched."
SAVE_TITLE = "Save the secret"
TYPE_PATH = "Type the path of a file."
LOST = (
    "It was neither copied nor saved, and it cannot be shown again. "
    "Esc once more drops it; then delete the token and make another."
)


def fault(words: str) -> str:
    """A fault of this program, in place of the keys."""
    return f" ! shows why: {words}"


def new_token(token: str) -> str:
    """The title above a new secret."""
    return f"New token {token}: its secret is shown once"


def fingerprint(length: int, digest: str) -> str:
    """The length of a secret and the ends of its SHA-256, to compare two without showing them."""
    return f"{length} characters   sha256:{digest[:4]}..{digest[-4:]}"


def saved(path: str) -> str:
    """The secret was written to a file."""
    return f"Saved to {path}, readable by its owner only."
