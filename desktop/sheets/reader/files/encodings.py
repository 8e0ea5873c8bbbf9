"""Finds the encoding of a text file."""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from charset_normalizer import from_bytes

from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import IO


_GERMAN: Final = "üäöß"
_WESTERN: Final = (
    _GERMAN, "éèçêëàôîïâûùüœæÿ", "áéíóñúü", "àèìòùé", "ëéïóöüè", "ãçáéíóêõâúàôü", "éèàóòíçúïü",
    "öäåéü", "øåæéöü", "áíöéóúæýðþ",
)  # fmt: skip
"""German, French, Spanish, Italian, Dutch, Portuguese, Catalan, Swedish, Danish and Norwegian,
Icelandic."""
_CENTRAL: Final = (
    "łśąńżęóćź", "áíéřčěýšžůňúťďó", "áíéčšžýúľťôňďäóĺŕ", "áéóöőíüúű", "čćšžđ", "ăţşâî", _GERMAN,
)  # fmt: skip
"""Polish, Czech, Slovak, Hungarian, Croatian and Slovene, Romanian; German, as a neighbour."""
_TURKISH: Final = ("ışüöçğİâ",)
_BALTIC: Final = ("ėšąžįųčūę", "āēīšūņļķžģč", "äõüöšž")

LATIN: Final = {
    "cp1252": (_WESTERN, 1.0),
    "cp1250": (_CENTRAL, 0.4),
    "cp1254": (_TURKISH, 0.4),
    "iso8859_2": (_CENTRAL, 0.05),
    "cp1257": (_BALTIC, 0.1),
    "mac_roman": (_WESTERN, 0.2),
    "cp850": (_WESTERN, 0.08),
    "cp852": (_CENTRAL, 0.08),
}
"""The alphabets of the languages that use each encoding, and how usual it is in files.

The letters that a language uses most come first.
"""
SCRIPTS: Final = {
    "cp1251": ("оаеинтсрвлкмдпуяьгзбчйыхжшюцщэфъёіїєґўјљњћђџѓќѕ", 0.4),
    "koi8_r": ("оаеинтсрвлкмдпуяьгзбчйыхжшюцщэфъё", 0.2),
    "cp866": ("оаеинтсрвлкмдпуяьгзбчйыхжшюцщэфъё", 0.1),
    "cp1253": ("αοιετσνηυρπκμλςωγδίάόθφέήχύβξώζψϊϋΐΰ", 0.2),
    "cp1255": ("יוהלאתרשבמנדחקעםןפגכסטזצךףץ", 0.1),
    "cp1256": ("اليمنرتبةوعدسفهكقحجشطصخأضذثزغإىئءؤآظپچژگ", 0.2),
}
"""The letters of other scripts in encodings with one byte a character, and how usual these are."""
_BEFORE: Final = 3
"""In a whole alphabet, the frequencies of letters fall as if so many came before the first."""
_LAST: Final = frozenset("ςםןךףץةى")
"""Letters that only end a word."""
_BEYOND: Final = 0.1
"""The chance that a letter of a Latin word is beyond ASCII."""
_SIGNS: Final = frozenset("€£§°ªº·«»„“”‘’–—…¿¡²½©®™•\u00a0")
"""Characters that people type besides letters."""
_QUOTES: Final = "«»„“”"
"""Signs at the ends of a word in any script."""
_WITHIN: Final = frozenset("’·\u00a0")
"""Signs that stand between letters."""
_DASHES: Final = frozenset("–—")
"""Signs that hardly touch a letter."""
_AFTER: Final = frozenset("§ªº²½")
"""Signs that hardly stand before a letter."""
_SIGN: Final = 0.2
_FOREIGN: Final = 0.002
"""The chance of a letter of another language that the encoding has."""
_ODD: Final = 0.01
"""The chance of a capital within a word, of a sign between letters, or of a letter alone."""
_SMALL: Final = 0.2
"""The chance of a word that begins with a small letter, or is written in capitals."""
_FEW_WHOLE: Final = 20
"""In other scripts, at least one word of so many has no letter from A to Z."""
_ENOUGH: Final = 300
"""Words that tell an encoding."""
_NONE: Final = 0.0001
"""The chance of a character that no language has."""
_LIKELY: Final = 0.005
"""A reading whose chance is this share of the best one's or more is likely, too."""
_MOST: Final = 5
"""Readings among which a person chooses."""
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_RUN: Final = re.compile(rb"[A-Za-z@\[-`{}~\x80-\xff]+")
"""A word with all that may be the second byte of a character, except a separator."""
_BETWEEN: Final = re.compile(rb"[\t\r\n ,;\"]+")
_FEW_ODD: Final = 2
"""Words whose bytes may be UTF-8 by chance."""
_LATIN_OR_GREEK: Final = re.compile(r"[A-Za-z\xc0-\u024f\u0370-\u03ff]")
_EASTERN: Final = re.compile(r"[\u0400-\u07ff]")
_TOUCHING: Final = re.compile(r"[A-Za-z][\x80-\U0010ffff]|[\x80-\U0010ffff][A-Za-z]")
_ANY_WORD: Final = re.compile(r"[A-Za-z\x80-\U0010ffff]+")


def looks_latin(text: str) -> bool:
    """Tell whether a text that was read in another script has the words of a Latin one.

    Two bytes of a Latin word make a single character there, between letters from A to Z. Words of
    the other script have several characters and no such letters.
    """
    words = {word for word in _ANY_WORD.findall(text) if not word.isascii()}
    mixed = sum(any(each.isascii() for each in word) for word in words)
    whole = sum(len(word) > 1 and not any(each.isascii() for each in word) for word in words)
    return mixed > whole * _FEW_WHOLE or not whole


def script_chances(lines: bytes) -> dict[str, float]:
    """Return the logarithm of the chance that each encoding of another script has these words.

    Only those are there in which each word is whole: letters of that script alone, small ones
    after a capital or all of one size. A Latin word has letters from A to Z; two bytes of an East
    Asian character are seldom such letters.
    """
    raw = [*dict.fromkeys(word for word in _RUN.findall(lines) if not word.isascii())][:_ENOUGH]
    chances: dict[str, float] = {}
    for name, (alphabet, usual) in SCRIPTS.items():
        shares = _shares(alphabet, _BEFORE)
        words = [word.decode(name, errors="replace").strip(_QUOTES) for word in raw]
        words = [word for word in words if word and not word.isascii()]
        if any(len(word) > 1 for word in words) and all(_is_whole(w, shares) for w in words):
            chances[name] = math.log(usual) + sum(_chance_of_whole(w, shares) for w in words)
    return chances


def _is_whole(word: str, shares: Mapping[str, float]) -> bool:
    is_sound = word[1:] == word[1:].lower() or word == word.upper()
    return is_sound and shares.keys() >= {*word} and _LAST.isdisjoint(word[:-1])


def _chance_of_whole(word: str, shares: Mapping[str, float]) -> float:
    chance = sum(math.log(shares[each]) for each in word)
    if len(word) == 1:
        return chance + math.log(_ODD)
    return chance + (math.log(_SMALL) if word.islower() or word.isupper() else 0.0)


_HAN_OF_JAPAN: Final = (0xA4, 0xA5, *range(0xB0, 0xD0))
_DOUBLE: Final = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), 600, 0.4),
    "cp932": ("euc_jp", _HAN_OF_JAPAN, 500, 0.3),
    "euc_kr": ("euc_kr", range(0xB0, 0xC9), 400, 0.2),
    "big5": ("big5", range(0xA4, 0xC7), 600, 0.2),
    "euc_jp": ("euc_jp", _HAN_OF_JAPAN, 500, 0.05),
}
"""Of the encodings with two bytes a character: the one in which the usual characters have certain
first bytes, these bytes, how many characters make up most names, and how usual it is in files."""
_KANA: Final = 80
"""How many syllables make up Japanese words without Chinese characters."""
_OLD_MAC: Final = 0.01
"""How usual other Latin encodings are in files whose lines end with a carriage return."""
_FEW_DOUBLE: Final = 40
"""Bytes beyond ASCII of so few words that each of these encodings may have made them."""


def double_chances(lines: bytes) -> dict[str, float]:
    """Return the chance of each encoding with two bytes a character that may have made few words.

    It is a logarithm. There is none of many words, which charset-normalizer tells apart.
    """
    words = _words_in(lines)
    if sum(byte > 0x7F for byte in b"".join(words)) > _FEW_DOUBLE:
        return {}
    chances: dict[str, float] = {}
    for name, (order, firsts, names, often) in _DOUBLE.items():
        try:
            texts = [word.decode(name) for word in words]
        except UnicodeDecodeError:
            continue
        read = [each for text in texts for each in text if not each.isascii()]
        odd = sum(each.encode(order, errors="replace")[0] not in firsts for each in read)
        odd += sum(len(_TOUCHING.findall(text)) for text in texts)
        kana = sum("\u3041" <= each <= "\u30ff" for each in read)
        chances[name] = math.log(often) + odd * math.log(_ODD) - kana * math.log(_KANA)
        chances[name] -= (len(read) - kana) * math.log(names)
    return chances


def _words_in(lines: bytes) -> list[bytes]:
    """Return the words beyond ASCII; the second byte of a character may be a letter or a sign."""
    return [*dict.fromkeys(word for word in _BETWEEN.split(lines) if not word.isascii())]


def _latin_words(lines: bytes) -> list[bytes]:
    return [*dict.fromkeys(word for word in _WORD.findall(lines) if not word.isascii())]


def latin_chances(lines: bytes) -> dict[str, float]:
    """Return the logarithm of the chance that a language of each Latin encoding has these words."""
    raw = _latin_words(lines)[:_ENOUGH]
    beyond = sum(byte > 0x7F for word in raw for byte in word) * math.log(_BEYOND)
    chances = {
        name: beyond + _chance([word.decode(name, errors="replace") for word in raw], *LATIN[name])
        for name in LATIN
    }
    if b"\n" not in lines:  # lines end as those of old Macs
        chances["mac_roman"] -= math.log(_OLD_MAC)
    return chances


def _chance(words: Sequence[str], alphabets: Sequence[str], usual: float) -> float:
    """Return the logarithm of the chance that a language of an encoding has these words."""
    capital = [each.upper() for alphabet in alphabets for each in alphabet if each != "ß"]
    in_any = frozenset().union(*alphabets, capital)
    return math.log(usual) + max(
        sum(_chance_of_word(word, _shares(alphabet), in_any) for word in words)
        for alphabet in alphabets
    )


@cache
def _shares(alphabet: str, before: int = 0) -> dict[str, float]:
    """Return the share of each letter; the second is half as frequent as the first, and so on.

    With some ``before`` the first, it falls more slowly.
    """
    parts = {each: 1 / (before + place) for place, each in enumerate(alphabet, 1)}
    shares = {each: part / sum(parts.values()) for each, part in parts.items()}
    return shares | {each.upper(): share for each, share in shares.items() if each != "ß"}


def _chance_of_word(word: str, shares: Mapping[str, float], in_any: Collection[str]) -> float:
    chance = 0.0
    has_small = any(each.islower() for each in word)
    capitals = sum(each.isupper() for each in word)
    for at, each in enumerate(word):
        if each.isascii():
            continue
        if each in _SIGNS:
            is_before = at > 0 or each in _AFTER
            is_within = (is_before and at < len(word) - 1) or (each in _DASHES and len(word) > 1)
            chance += math.log(_ODD if is_within and each not in _WITHIN else _SIGN)
            continue
        chance += math.log(shares.get(each) or (_FOREIGN if each in in_any else _NONE))
        is_inner = each.isupper() and at > 0 and has_small
        is_small = each.islower() and each != "ß"
        is_small = is_small and (
            word[at + 1 : at + 2].isupper() or capitals > max(1, len(word) - 2)
        )
        if is_inner or is_small or len(word) == 1:
            chance += math.log(_ODD)
        elif at == 0 and each.islower():
            chance += math.log(_SMALL)
    return chance


_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER: Final = [
    "cp1251",
    "cp1253",
    "koi8_r",
    "cp932",
    "gb18030",
    "big5",
    "euc_jp",
    "euc_kr",
]
"""Encodings other than UTF-8 of spreadsheets in other scripts."""
_USUAL: Final = "cp1252"
_HOLES: Final = frozenset(b"\x81\x8d\x8f\x90\x9d")
"""Bytes that are not characters in cp1252."""
_CONTROLS: Final = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")
_FEW: Final = 8
"""Control characters that are tolerated even in a short text."""
_BLOCK: Final = 1 << 16
_TELLING: Final = 1 << 15
"""Bytes of non-ASCII lines that are enough to find the encoding."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: the name of a Python codec, and the byte order mark of the file.

    If others are as likely, ``readings`` has a word as each of them reads it, by encoding.
    """

    name: str
    bom: bytes = b""
    readings: Mapping[str, str] = field(default_factory=dict)


def encoding_of(file: IO[bytes], chosen: str | None = None) -> Encoding:
    """Find a file's encoding: the chosen one, or by its bytes.

    Raises:
        SheetError: ``NOT_TEXT``, or ``WRONG_ENCODING`` for UTF-8 with a few invalid bytes.
    """
    file.seek(0)
    start = file.read(_BLOCK)
    bom, marked = next((each for each in _BOMS if start.startswith(each[0])), (b"", None))
    if chosen is not None:
        name = _known(chosen)
        return Encoding(marked if marked and marked.startswith(name) else name, bom)
    if marked is not None:
        return Encoding(marked, bom)
    if b"\0" in start:
        return Encoding(_wide(start))
    if sum(byte in _CONTROLS for byte in start) > max(_FEW, len(start) // 1000):
        raise SheetError(SheetFault.NOT_TEXT)
    is_utf8, lines = _is_utf8(file), _telling_lines(file)
    if is_utf8 and not _is_by_chance(lines):
        return Encoding("utf-8")
    return _single_byte(lines, is_utf8=is_utf8)


def _known(chosen: str) -> str:
    try:
        "a".encode(chosen)  # some codecs are not for text
        return codecs.lookup(chosen).name
    except (LookupError, ValueError) as error:
        raise SheetError(SheetFault.WRONG_ENCODING, encoding=chosen) from error


def _wide(start: bytes) -> str:
    """Find the byte order of UTF-16: of Latin text, one of each two bytes is mostly null."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most * 5 < len(start) // 2 or least * 10 > most:
        raise SheetError(SheetFault.NOT_TEXT)
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_by_chance(lines: bytes) -> bool:
    """Tell whether the only words beyond ASCII are none in UTF-8, such as *֣ǿ* for 郑强.

    They mix letters of Latin or Greek with those of Cyrillic, Hebrew or Arabic.
    """
    words = {
        word for word in _ANY_WORD.findall(lines.decode(errors="ignore")) if not word.isascii()
    }
    return 0 < len(words) <= _FEW_ODD and all(
        _LATIN_OR_GREEK.search(word) and _EASTERN.search(word) for word in words
    )


def _telling_lines(file: IO[bytes]) -> bytes:
    file.seek(0)
    found = bytearray()
    while len(found) < _TELLING and (line := file.readline(_BLOCK)):
        if not line.isascii():
            found += line
    return bytes(found)


def _single_byte(lines: bytes, *, is_utf8: bool) -> Encoding:
    read = lines.decode(errors="replace")
    wrong = read.count("\N{REPLACEMENT CHARACTER}")
    if not is_utf8 and wrong * 10 < sum(character > "\x7f" for character in read) - wrong:
        raise SheetError(SheetFault.WRONG_ENCODING, encoding="utf-8")
    readings = _readings(lines)
    name = next(iter(readings))
    if name == _USUAL and not _HOLES.isdisjoint(lines):
        return Encoding("latin-1")
    if len(readings) == 1:
        return Encoding(name)
    telling = max(zip(*readings.values(), strict=True), key=lambda word: len({*word}))
    return Encoding(name, readings=dict(zip(readings, telling, strict=True)))


def _readings(lines: bytes) -> dict[str, list[str]]:
    """Return the words beyond ASCII as each likely encoding reads them, the likeliest first."""
    scripts, doubles = script_chances(lines), double_chances(lines)
    if not scripts and not doubles and (name := _other_script(lines)):
        return {name: []}
    chances = {**latin_chances(lines), **doubles, **scripts}
    least = max(chances.values()) + math.log(_LIKELY)
    likely = sorted((n for n in chances if chances[n] >= least), key=lambda name: -chances[name])
    words = _words_in(lines)
    if _DOUBLE.keys().isdisjoint(likely):
        words = _latin_words(lines)
    readings: dict[str, list[str]] = {}
    for name in likely:
        read = [word.decode(name, errors="replace") for word in words]
        if len(readings) < _MOST and read not in readings.values():
            readings[name] = read
    return readings


def _other_script(lines: bytes) -> str | None:
    """Return the encoding of another script than Latin that many words have."""
    found = from_bytes(lines, cp_isolation=[*LATIN, *_OTHER], preemptive_behaviour=False).best()
    if found is None or found.encoding in LATIN:
        return None
    return None if looks_latin(lines.decode(found.encoding, errors="replace")) else found.encoding
