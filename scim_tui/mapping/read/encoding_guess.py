"""Guesses the encoding of a text that is not UTF-8 by its words.

Every encoding that decodes the bytes strictly is tried. A word with non-ASCII letters fits if all
its letters belong to the alphabet of one language, without a capital inside the word. "Dvořák" fits
in Windows-1250; read as Windows-1252 it is "Dvoøák", whose letters no language combines. For
scripts with thousands of characters the share of those frequent in names decides.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")
_PUNCTUATION = "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2022\u00ab\u00bb\u20ac"
_SIGNS = "\u00a0\u00a7\u00a9\u00ae\u00b0\u00b2\u00b3\u00ba\u00aa\u00bf\u00a1\u00b4\u00b7\u2122"
"""Signs that may be alone in a text, or at the end of a word."""
_EDGES = _PUNCTUATION + _SIGNS
_WEIGHT = 4
"""How much more a word counts that fits no language than one that fits."""
_WORDS = 2_000
"""Different words that are looked at."""

_WESTERN = (
    "äöüß",
    "àâæçéèêëîïôœùûüÿ",
    "áéíóúñü",
    "áàâãçéêíóôõú",
    "åäöé",
    "æøåé",
    "àèéìíîòóùú",
    "áéíóúýþðæö",
    "äëïöüéèó",
    "àçèéíïòóúü",
    "äöõüšž",
)
_CENTRAL = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšž",
    "ăâîşţșț",
    "äöüß",
    "ëç",
    "äčšžõöü",
)
_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџшѓѕќ"
_TURKISH = "çğıİöşüâî"
_GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
_JAPANESE = (
    "田中山川木村本藤佐井野原小大高橋林森池石上松島崎阿部伊東西北南口清水谷岡久保内千葉近後遠加"
    "渡辺斎長前安土竹平金和三浦今青福菅市太郎一二子美恵香織子由紀明雄男夫正弘博之介輔健司翔陽菜"
    "結衣真優花愛裕直樹哲也修浩義信孝智洋秀英貴志史章誠幸隆茂勝利昭武彦部営業開発総務人事経理課"
    "長社員株式会名姓氏番号京阪都府県市区町電話"
)
_CHINESE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤伟"
    "芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲红华建国志小晓海燕鹏飞云婷雪梅波斌宇浩"
    "凯健俊帆子轩涵梓佳怡欣姓名部门电话邮箱工号用户经理销售技术市场财务人事北京上海"
)
_TRADITIONAL = (
    "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈"
    "丁魏薛葉閻余潘杜戴夏鍾汪田任姜范方石姚譚廖鄒熊金陸郝孔白崔康毛邱秦江史顧侯邵孟龍萬段錢湯偉"
    "芳娜秀英敏靜麗強磊軍洋勇豔傑娟濤明超蘭霞平剛桂文輝玲紅華建國志小曉海燕鵬飛雲婷雪梅美淑惠雅"
    "怡君宗翰家豪俊宏冠宇姓名部門電話信箱經理業務台北臺市灣"
)
_KOREAN = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민진지나엄채원천"
    "방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국은준영수미경희숙자순상철호진"
    "우빈서윤아민재훈혜은주연승동현태규병광용길부서직원번호메일전화팀장대리과장이름성명사"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding that exports of people are found in."""

    name: str
    """As Python and the option take it."""
    alphabets: tuple[frozenset[str], ...]
    """Letters beyond ASCII that go together in one word."""
    latin: bool = True
    """Whether letters of ASCII may stand in the same word."""
    thousands: bool = False
    """Whether the script has thousands of signs, of which the alphabets hold the frequent ones."""


def _letters(*alphabets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(each + each.upper()) for each in alphabets)


_KANA = "".join(map(chr, range(0x3041, 0x30FF))) + "々"
_KNOWN = (
    Encoding("windows-1252", _letters(*_WESTERN)),
    Encoding("mac-roman", _letters(*_WESTERN)),
    Encoding("windows-1250", _letters(*_CENTRAL)),
    Encoding("windows-1251", _letters(*_CYRILLIC, _SERBIAN), latin=False),
    Encoding("iso-8859-2", _letters(*_CENTRAL)),
    Encoding("windows-1254", _letters(_TURKISH)),
    Encoding("windows-1253", _letters(_GREEK), latin=False),
    Encoding("koi8-r", _letters(*_CYRILLIC), latin=False),
    Encoding("cp850", _letters(*_WESTERN)),
    Encoding("cp932", _letters(_JAPANESE + _KANA), latin=False, thousands=True),
    Encoding("euc-jp", _letters(_JAPANESE + _KANA), latin=False, thousands=True),
    Encoding("gb18030", _letters(_CHINESE), latin=False, thousands=True),
    Encoding("big5", _letters(_TRADITIONAL), latin=False, thousands=True),
    Encoding("cp949", _letters(_KOREAN), latin=False, thousands=True),
)
"""The first of those that fit equally well is taken."""


class Guess(NamedTuple):
    """One encoding that fits."""

    name: str
    score: float
    example: str
    """A word that shows whether the guess is right; from outside, never to be shown raw."""
    text: str
    """The sample, decoded."""


def ranked(sample: bytes) -> list[Guess]:
    """The encodings that fit, the best first.

    An encoding in which most of the words are no words does not fit.
    """
    found = []
    for encoding in _KNOWN:
        try:
            text = sample.decode(encoding.name)
        except UnicodeDecodeError:
            continue
        score, example = _judged(text, encoding)
        if score > 0:
            found.append(Guess(encoding.name, score, example, text))
    return sorted(found, key=lambda guess: -guess.score)


def is_plausible(line: bytes, name: str) -> bool:
    """Whether one line is made of words when it is read in this encoding."""
    encoding = next(each for each in _KNOWN if each.name == name)
    return _judged(line.decode(name, "replace"), encoding)[0] >= 0


def _judged(text: str, encoding: Encoding) -> tuple[float, str]:
    """How well words fit, and the first that does; a sign that stands alone fits a little."""
    score, example = 0.0, ""
    for word in dict.fromkeys(_words(text)):
        bare = word.strip(_EDGES)
        if not bare:
            score += 0.5 if word[0] in _EDGES else -_WEIGHT
        elif bare.isascii():
            score += _edged(word, bare)
        elif encoding.thousands:
            score += _frequent(bare, encoding)
            example = example or word
        elif _is_word(bare, encoding):
            score += 1
            example = example or word
        else:
            score -= _WEIGHT
    return score, example


def _words(text: str) -> Iterator[str]:
    left = _WORDS
    for found in _WORD.finditer(text):
        if left and not found.group().isascii():
            left -= 1
            yield found.group()


def _edged(word: str, bare: str) -> float:
    """The weight of an ASCII word with signs around it: quotes and units fit, others do not."""
    around = word.replace(bare, "", 1)
    if word.endswith(("\u00ae", "\u2122")) or (len(bare) < 3 and word[-1] in "\u00b2\u00b3"):
        return 0
    return 0.5 if all(sign in _PUNCTUATION for sign in around) else -_WEIGHT


def _is_word(word: str, encoding: Encoding) -> bool:
    parts = [part for part in re.split("[\u2019\u2013\u2014\u00a0\u00b7]", word) if part]
    return all(_is_part(part, encoding) for part in parts) and _dashes_fit(word)


def _dashes_fit(word: str) -> bool:
    """Whether a dash or dot inside a word is between parts that begin with capitals."""
    return not re.search("[\u2013\u2014\u00b7](?=[a-z])", word)


def _is_part(part: str, encoding: Encoding) -> bool:
    if part.isascii():
        return True
    beyond = {char for char in part if not char.isascii()}
    whole = encoding.latin or all(not char.isascii() for char in part)
    return whole and any(beyond <= each for each in encoding.alphabets) and _is_cased(part)


_CASED = re.compile(r"a+|A+a?|Aa+")
"""Small letters, capitals (with a German ß), and a name; but not "JosÉ"."""
_PREFIX = re.compile(r"(?:Mc|Mac|De|Di|La|Le|Van|Von)(?=.)")


def _is_cased(part: str) -> bool:
    """Whether capitals stand where words have them; "McÉvoy" has one more."""
    rest = _PREFIX.sub("", part, count=1)
    if not rest[0].isupper():
        rest = part
    return bool(_CASED.fullmatch("".join("A" if char.isupper() else "a" for char in rest)))


def _frequent(word: str, encoding: Encoding) -> float:
    """The weight of a word by its frequent characters; the others must at least be of a script."""
    alphabet = encoding.alphabets[0]
    hits = sum(1 for char in word if char in alphabet)
    odd = sum(1 for char in word if not _is_sign(char))
    return (2 * hits - 0.4 * (len(word) - hits) - _WEIGHT * odd) / 2


@cache
def _is_sign(char: str) -> bool:
    return unicodedata.category(char) in ("Lo", "Lm") or char in "\u3000\u30fb\uff0f\uff08\uff09"
