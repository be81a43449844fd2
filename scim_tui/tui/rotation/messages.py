"""The sentences, titles and questions of the rotation wizard.

What each step asks of the program and of the person stands in `step_table.py`; why a key is off at
a state stands in `reasons.py`, beside the rule that decides it. `lines.py` and
`evidence_lines.py` draw; they hold labels of columns and fields, and no sentences.
"""

from datetime import datetime

NO_ROTATION = " No rotation is open. R on Status or Tokens starts one."
READ_ONLY = "This profile is open read-only."
STEP_RUNS = "The step before is still at work."
STILL_IN_MEMORY = "The new secret is still in memory: R goes back to it."

IN_MEMORY, NONE_HELD = "IN MEMORY, 15m at most", "none held"
NOT_LOOKED = "not looked yet"
RESUME_COMMAND = "scim-tui tokens rotate --resume"
RESUME_BY = f"R, or {RESUME_COMMAND}"
RECOMMENDED, MAY_GO = "recommended", "may go"
MAY_GO_FIRST = "may go; recommended"
NO_ANSWER_SEEN = "no answer was seen"
LEAVES_COPY = "LEAVES A COPY IN"
LEAVES_OR_WHY = f"{LEAVES_COPY}, OR WHY NOT"
LOST_WITH_SESSION = (
    "If this session drops before, the text is lost. That is safe: the old token still works, and "
    "another one can be made."
)
LOST_BY_SWAP = (
    "If this session drops before, the text is lost, and the old token has ended: the IdP is "
    "refused until Enter here makes another one."
)

NOT_THE_IDP = "NEW, not the IdP"
"""A request with the new token that did not come from the IdP."""
SUSPEND_FIRST = (
    "Z switches the old token off for a cycle first, to see which client still needs it."
)
NOTHING_SEEN = "   nothing was seen yet: silence is not failure, and no proof"
NO_REQUEST_SEEN = "no request seen yet"
CANNOT_BE_SEEN = "cannot be seen here"
NEVER_PROVEN = (
    "Not proven, and cannot be from here: that no other client holds the "
    "old token without using it."
)

CHECKING_AGAIN = "Running the checks again."
LOOKING_AT_BOTH = "Looking at both ends before anything is changed."
LOOKING, LOOKING_ONCE = "Looking.", "Looking once more."
LOOKING_WHO = "Looking who uses which token."
LOOKING_REFUSED = "Looking whether a client is refused."
DELETING_OLD = "Looking once more, then deleting."
ASKING_NEW = "Asking for a new token."
TESTING_NEW = "Testing the new token once."
FINDING_OUT = "Finding out what became of it."
GOING_ON = "Going on from what exists."
STOPPING = "Stopping."
TAKING = "Taking the token."
HANDING_OVER, SHOWING = "Handing the secret over.", "Showing the secret."
NOTING, NOTING_THERE = "Noting it.", "Noting that it is there."
NOTING_INSTALLED = "Noting that it is installed."

NOTHING_DELETED = "Nothing was deleted."
NOTHING_SWITCHED = "Nothing was switched off."
NOTHING_ACCEPTED = "Nothing was accepted, nothing was deleted."
NOTHING_HANDED_OVER = "Nothing was handed over."
NOTHING_MADE = "Nothing was made; the old token works as before."
NOTHING_MADE_OLD_ENDED = "Nothing was made; the old token has ended, so make one soon."

WHICH_NOT_NEEDED = "Two tokens exist, the most allowed: which one is not needed?"
WHAT_FOUND = "What did you find?"
KEPT_REASON = "It is kept in the receipt and in the audit."
GIVE_REASON = "Give a reason."
NO_CLIENT = "no known client"
NO_UNDO = "Requests with it are refused at once, and nothing brings it back."
IN_CONSOLE_FIRST = "Delete it in the console first, then type the word here."
YES_SWITCH_OFF = "yes, switch it off"
IDP_NOT_KNOWN = "Without that it is not known whether the IdP works with the new one."
REFUSED_THEN = "Wherever its text went, it is refused from then on."
GO_ON, ALL_STAYS = "go on with the rotation", "everything as it is"
CHOSE_TO_GO_ON = "you chose to go on"
ID_TITLE, TYPE_ID = "Id of the new token", "Type its id."
TEXT_TITLE = "Text of the new token"
PASTE_HERE = "Paste it here. It is not echoed and not written to disk."
MAKE_IN_CONSOLE = "Make it in the console; this is its id as that lists it."
MAKE_IN_AWS = (
    "Settings > Identity source > Actions > Manage provisioning > Generate token."
    " This is its id as the list there has it."
)
OLD_ID_TITLE = "Id of the token to be replaced"
OLD_ID_HELP = "The tokens cannot be listed here. The old one needs a name in the receipt."
TAKE_OVER_TITLE = "TAKE OVER the rotation"
TAKE_OVER_WARNING = (
    "What the other session still does will fail from then on. If it holds the secret "
    "of a new token, that text is lost with it, and the token has to be made again. "
    "Ask there first."
)

BY_TMUX, BY_CLIPBOARD = "clipboard via tmux buffer", "clipboard, native or OSC 52"
NO_TMUX, TMUX_DROPS = "no tmux around", "tmux drops OSC 52; take 2"
YOUR_CLIPBOARD = "your clipboard"
AS_TEXT, EYES = "show as plain text", "eyes, recordings of the screen"
TO_FILE, DISK = "file, mode 0600", "disk, until you remove it"
INTO_IDP, IDP_KEEPS = "write it into the IdP", "what the IdP or the command keeps"
NO_IDP = "no connection to it is set up"
TO_STORE, FILE_OR_KEYRING = "where this profile reads it", "that file or keyring"
NO_STORE = "the profile reads no token"
AS_CODE, CAMERAS = "QR code", "cameras"
NOT_IN_MEMORY = "the text is not in memory"

SAVE_TITLE = "Save the secret"
SAVE_HELP = "A new file, readable by its owner only (0600). An existing one is not touched."
RECEIPT_TITLE = "Write the receipt"
RECEIPT_HELP = "A new file, readable by its owner only (0600). It holds ids and times, no secret."
NOT_TAKEN, SHOW_AGAIN = "The secret was not taken, so it is not delivered.", "S shows it."
SAY_INSTALLED = "Say first that it is installed: Enter."
WHERE_TO = "One token only: where will the new secret go?"
WHAT_TEST_SAID = "What did the IdP's own test say?"
BY_YOUR_WORD = ", by your word"
PASSED_COUNTS, FAILED_COUNTS = "E2, by your word", "back to the install"
TEST_LEFT_OUT = "The IdP's test was left out. Now its requests are watched for."
CHANGE_TEST_USER = "change a test user there"

TEST_USER_TITLE = "A test user, assigned to the app in the IdP"
WHO_IS_IT = "Who is it? A part of the name, the address or the id is enough."
WHICH_ONE = "Which one?"


def held_by(process: str, since: datetime) -> str:
    """Another process works on the rotation."""
    return f"{process} works on it since {since:%H:%M:%SZ}. R on Status takes it over, typed."


def lost_tokens(ids: str) -> str:
    """Tokens that were made in this rotation and deleted again."""
    return f"Made and deleted again, their text was lost: {ids}."


def old_ended(token: str, at: datetime, length: str) -> str:
    """Swap: for how long the IdP has been refused."""
    return (
        f"{token} ended {at:%H:%M:%SZ}: the IdP has been refused for"
        f" {length}, until the new token is installed."
    )


def not_touched(token: str) -> str:
    """Nothing was done to the old token."""
    return f"{token} is not touched."


def new_uses(requests: str, writes: str, newest: str) -> str:
    """The requests of the IdP with the new token."""
    return f"{requests} by the IdP, {writes}, newest {newest}"


def saved_in(rotation: str) -> str:
    """Where a rotation is kept."""
    return f"rotations/{rotation}.json and the audit; no secrets"


def deleting(token: str) -> str:
    """A token is being deleted."""
    return f"Deleting {token}."


def slot_free(token: str) -> str:
    """A token was deleted to make room for the new one."""
    return f"{token} is deleted; a slot is free."


def make_another(token: str) -> str:
    """The new token was deleted, and the rotation makes another."""
    return f"{token} is deleted; make another one."


def probe_accepted(token: str) -> str:
    """Our own request with the new token was accepted."""
    return f"Our own request with {token} was accepted: E1."


def probe_refused(message: str) -> str:
    """Our own request with the new token was not accepted."""
    return f"Our own request was not accepted: {message}"


def not_stopped(why: str) -> str:
    """The rotation was not stopped."""
    return f"Nothing was stopped: {why}"


def stopped(ending: str) -> str:
    """The rotation was stopped, and what it left."""
    return f"Stopped. {ending}"


def looked_at(at: str, level: str) -> str:
    """When the uses of both tokens were read, and what they prove."""
    return f"Looked at {at}: {level}."


def old_deleted(token: str) -> str:
    """The old token was deleted with proof."""
    return f"{token} is gone. Requests with it get 401."


def old_deleted_unproven(token: str, level: str) -> str:
    """The old token was deleted with less proof than the policy wants."""
    return f"{token} is gone, accepted with {level}."


def accepted_in_console(token: str) -> str:
    """Less proof was accepted, and a person deletes the token."""
    return f"Accepted. Delete {token} in the console, then Enter."


def reinstating(token: str) -> str:
    """The suspended token is being switched on again."""
    return f"Letting {token} in again."


def reinstated(token: str) -> str:
    """The suspended token is accepted again."""
    return f"{token} is on again, and watched."


def suspending(token: str) -> str:
    """The old token is being switched off."""
    return f"Switching {token} off."


def suspended(token: str) -> str:
    """The old token is off for a cycle."""
    return f"{token} is off; a refusal brings it back by itself."


def receipt_written(path: str) -> str:
    """The receipt was written to a file."""
    return f"The receipt is in {path}."


def delete_old_title(token: str) -> str:
    """The title before the old token is deleted."""
    return f"DELETE the old token {token}"


def delete_new_title(token: str) -> str:
    """The title before the new token is deleted."""
    return f"DELETE the new token {token}"


def swap_title(token: str) -> str:
    """The title before the only token is replaced."""
    return f"DELETE {token} by making the next one"


def unproven_title(token: str) -> str:
    """The title before the old token is deleted without full proof."""
    return f"DELETE {token} WITHOUT FULL PROOF"


def suspend_title(token: str) -> str:
    """The question before the old token is switched off."""
    return f"Switch {token} off before it is deleted?"


def suspend_means(length: str, token: str) -> str:
    """What switching the old token off means."""
    return (
        f"For {length} every request with {token} is refused. As soon as one is, the "
        "next look lets it in again, also after this session was lost and taken up again."
    )


def swap_warning(token: str) -> str:
    """What making the next token means where only one may exist."""
    return (
        f"Only one token may exist: {token} ends at once, and the IdP is refused "
        "until the new one is installed. Have its console open."
    )


def why_enough(level: str) -> str:
    """The question for the reason to accept less proof."""
    return f"Why is {level} enough here?"


def seen_and_needed(seen: str, needed: str) -> str:
    """The proof there is, and the proof that the policy wants."""
    return f"Seen: {seen}. Needed: {needed}."


def made_here(token: str) -> str:
    """The new token is one of this rotation."""
    return f"{token}, made by this rotation"


def stays(token: str) -> str:
    """The old token stays as it is."""
    return f"{token}, which is not touched"


def not_typed(word: str) -> str:
    """Why the rotation goes on: the dialog was left."""
    return f"{word} was not typed"


def not_possible(way: str, why: str) -> str:
    """The chosen way of delivery is off here."""
    return f"{way} is not possible here: {why}"


def handed_over(outcome: str, way: str) -> str:
    """The secret was handed over."""
    return f"Handed over ({outcome}): {way}"


def giving_to(idp: str) -> str:
    """The IdP's adapter writes the secret."""
    return f"Giving it to {idp}."


def test_passed(how: str) -> str:
    """The IdP's own test passed."""
    return f"The IdP's own test passed{how}: E2. Now its requests are watched for."


def test_failed(how: str) -> str:
    """The IdP's own test failed."""
    return f"The IdP's own test failed{how}. Look at endpoint and secret; T tries again."


def asking_to_send(idp: str) -> str:
    """The IdP is asked to send a request."""
    return f"Asking {idp} to send something."


def stands_ready(way: str) -> str:
    """The way of the secret was chosen before the token is made."""
    return f"{way} stands ready."


def then(how: str) -> str:
    """What a person does once the test user is known."""
    return f"Then: {how}"


def person_does(how: str) -> str:
    """No test user was chosen."""
    return f"A person does it: {how}"


def change_user(name: str) -> str:
    """What triggers a request about the test user."""
    return f"Change one attribute of {name} in the IdP; its request is watched for."
