"""Words in exports that say whether an account is active, by language.

A word that is not in this table is unknown, and never means active. "On Leave" and "STAGED" are
left out on purpose: a rule has to say what they mean for an account.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from scim_tui.model.booleans import as_boolean


class Words(NamedTuple):
    """The words of one language or product, separated by commas."""

    yes: str
    no: str
    active: str
    inactive: str
    """Words of this kind in the name of a column turn its yes and no around."""


WORDS: Mapping[str, Words] = {
    "English, and the booleans of JSON, PowerShell and databases": Words(
        "true, yes, y, t, 1, on",
        "false, no, n, f, 0, off",
        "active, enabled, activated",
        "inactive, not active, disabled, not enabled, deactivated, suspended, block, blocked,"
        " archived, terminated, deleted",
    ),
    "Okta (users API): who has to renew a password, or is locked out, keeps the account": Words(
        "",
        "",
        "provisioned, password expired, recovery, locked out",
        "deprovisioned",
    ),
    "German; the first words of a language are those that Excel writes for booleans": Words(
        "wahr, ja",
        "falsch, nein",
        "aktiv, aktiviert, freigeschaltet",
        "inaktiv, nicht aktiv, deaktiviert, gesperrt, archiviert, gelöscht",
    ),
    "French": Words(
        "vrai, oui",
        "faux, non",
        "actif, active, activé, activée",
        "inactif, inactive, désactivé, désactivée, suspendu, suspendue, bloqué, bloquée,"
        " archivé, archivée",
    ),
    "Spanish": Words(
        "verdadero, sí",
        "falso, no",
        "activo, activa, activado, activada, habilitado, habilitada",
        "inactivo, inactiva, desactivado, desactivada, deshabilitado, deshabilitada,"
        " suspendido, suspendida, bloqueado, bloqueada, archivado, archivada",
    ),
    "Portuguese": Words(
        "verdadeiro, sim",
        "falso, não",
        "ativo, ativa, ativado, ativada, habilitado, habilitada",
        "inativo, inativa, desativado, desativada, desabilitado, desabilitada, suspenso, suspensa,"
        " bloqueado, bloqueada, arquivado, arquivada",
    ),
    "Italian": Words(
        "vero, sì",
        "falso, no",
        "attivo, attiva, attivato, attivata, abilitato, abilitata",
        "inattivo, inattiva, non attivo, non attiva, disattivato, disattivata, disabilitato,"
        " disabilitata, sospeso, sospesa, bloccato, bloccata, archiviato, archiviata",
    ),
    "Dutch": Words(
        "waar, ja",
        "onwaar, nee",
        "actief, ingeschakeld, geactiveerd",
        "inactief, niet actief, uitgeschakeld, gedeactiveerd, geblokkeerd, opgeschort,"
        " gearchiveerd",
    ),
    "Polish": Words(
        "prawda, tak",
        "fałsz, nie",
        "aktywny, aktywna, aktywne, włączony, włączona, włączone",
        "nieaktywny, nieaktywna, nieaktywne, wyłączony, wyłączona, wyłączone, zablokowany,"
        " zablokowana, zablokowane, zawieszony, zawieszona, zawieszone",
    ),
    "Czech and Slovak": Words(
        "pravda, ano, áno",
        "nepravda, ne, nie",
        "aktivní, aktívny, aktívna, povoleno, povolené",
        "neaktivní, neaktívny, neaktívna, zakázáno, zakázané",
    ),
    "Hungarian": Words("igaz, igen", "hamis, nem", "aktív, engedélyezve", "inaktív, letiltva"),
    "Romanian": Words(
        "adevărat, da", "fals, nu", "activ, activă, activat", "inactiv, inactivă, dezactivat"
    ),
    "Swedish, Danish and Norwegian": Words(
        "sant, sand, sann, ja",
        "falskt, falsk, usann, nej, nei",
        "aktiv, aktiverad, aktiveret, aktivert",
        "inaktiv, ikke aktiv, inaktiverad, deaktiveret, deaktivert, spärrad, spærret, sperret",
    ),
    "Finnish": Words(
        "tosi, kyllä", "epätosi, ei", "aktiivinen, käytössä", "epäaktiivinen, ei käytössä, estetty"
    ),
    "Turkish": Words(
        "doğru, evet", "yanlış, hayır", "etkin, aktif", "etkin değil, devre dışı, pasif"
    ),
    "Russian": Words(
        "истина, да",
        "ложь, нет",
        "активен, активна, активный, активная, включен, включена, включено",
        "неактивен, неактивна, неактивный, неактивная, отключен, отключена, отключено,"
        " заблокирован, заблокирована",
    ),
    "Ukrainian": Words(
        "істина, так", "хибність, ні", "активний, активна", "неактивний, неактивна, заблоковано"
    ),
    "Greek": Words("αληθής, ναι", "ψευδής, όχι", "ενεργός, ενεργή", "ανενεργός, ανενεργή"),
    "Japanese": Words(
        "はい",
        "いいえ",
        "有効, 有効化済み, アクティブ, 利用中",
        "無効, 無効化済み, 非アクティブ, 停止, 停止中, 利用停止, 一時停止, アーカイブ済み,"
        " 退職, 退職済み",
    ),
    "Chinese, simplified and traditional": Words(
        "是",
        "否",
        "启用, 已启用, 活动, 有效, 激活, 已激活, 啟用, 已啟用, 使用中",
        "禁用, 已禁用, 停用, 已停用, 未启用, 未啟用, 无效, 無效, 已暂停, 已暫停, 离职, 離職",
    ),
    "Korean": Words(
        "예",
        "아니요, 아니오",
        "활성, 활성화, 활성화됨, 사용, 사용 중",
        "비활성, 비활성화, 비활성화됨, 사용 안 함, 정지, 정지됨, 일시 중지됨, 퇴사",
    ),
}
"""The words, by the language or the product that has them."""

_BLANKS = re.compile(r"[\s_\-]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|[^\w\s]")
_SAME = str.maketrans({"ı": "i", "ł": "l", "ς": "σ"})


class StatusUnknown(ValueError):
    """A value that does not say whether an account is active; None: there is no value at all."""

    def __init__(self, word: object) -> None:
        super().__init__("not a status word that is known")
        self.word = word


@lru_cache(maxsize=4096)
def _key(word: str) -> str:
    """A word without case and marks, with one kind of blank, since people type it differently."""
    parts = unicodedata.normalize("NFKD", word).casefold().translate(_SAME)
    bare = "".join(char for char in parts if not unicodedata.combining(char))
    return _BLANKS.sub(" ", bare).strip()


def _all(words: list[str]) -> frozenset[str]:
    return frozenset(key for word in ",".join(words).split(",") if (key := _key(word)))


YES = _all([words.yes for words in WORDS.values()])
NO = _all([words.no for words in WORDS.values()])
ACTIVE = _all([words.active for words in WORDS.values()])
INACTIVE = _all([words.inactive for words in WORDS.values()])
_MEANING: Mapping[str, bool | None] = {
    "": None,
    **dict.fromkeys(YES | ACTIVE, True),
    **dict.fromkeys(NO | INACTIVE, False),
}


def status_of(value: object) -> bool | None:
    """Whether a value says active; None for nothing. Raises `StatusUnknown`."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        key = _key(value)
        if key in _MEANING:
            return _MEANING[key]
    elif isinstance(value, int) and value in (0, 1):
        return value == 1
    elif value in ([], {}):
        return None
    raise StatusUnknown(value)


def status_of_blocked(value: object) -> bool | None:
    """As `status_of`, for a column such as suspended, where yes means not active.

    The word "Suspended" in such a column also means not active. Raises `StatusUnknown`.
    """
    if isinstance(value, str):
        key = _key(value)
        if key in ACTIVE:
            raise StatusUnknown(value)
        if key in INACTIVE:
            return False
    said = status_of(value)
    return None if said is None else not said


def says_blocked(column: str) -> bool:
    """Whether a column is named for what is not active: "Block sign in", isDisabled, 無効.

    A name that says both, such as "Active/Inactive", is read as it stands.
    """
    key = f" {_key(_HUMP.sub(' ', column))} "
    blocked = [word for word in INACTIVE if f" {word} " in key or (word in key and _is_cjk(word))]
    for word in sorted(blocked, key=len, reverse=True):
        key = key.replace(word, "")
    both = any(f" {word} " in key for word in ACTIVE)
    return bool(blocked) and (not both or "block" in blocked)


def says_active(column: str) -> bool:
    """Whether the name of a column is a word for active, such as Aktiv or 有効."""
    return _key(column.strip('"')) in ACTIVE


def is_state(value: object) -> bool:
    """Whether a value is a known word for a status, other than a yes or no."""
    return isinstance(value, str) and _key(value) in ACTIVE | INACTIVE


def _is_cjk(word: str) -> bool:
    """Whether words of this script stand without blanks between them."""
    return word[0] >= "\u1100"


def joined_status(values: tuple[object, ...]) -> bool | None:
    """The status by several columns: one that says not active decides.

    Raises `StatusUnknown` where none does, and one says what is not known.
    """
    found: bool | None = None
    unknown: StatusUnknown | None = None
    for value in values:
        try:
            said = status_of(value)
        except StatusUnknown as error:
            unknown = unknown or error
            continue
        if said is False:
            return False
        found = found or said
    if unknown is not None:
        raise unknown
    return found


def as_written(value: object) -> object:
    """A boolean, also one that is written as a text; anything else as it is."""
    boolean = as_boolean(value)
    return value if boolean is None else boolean


def read_word(value: object) -> object:
    """The boolean of a word or a 1; any other value as it is. Raises `StatusUnknown`."""
    is_word = isinstance(value, str) or (isinstance(value, int) and value in (0, 1))
    return status_of(value) if is_word else value
