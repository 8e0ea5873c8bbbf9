"""Finds the encoding of a text file."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from charset_normalizer import from_bytes

from desktop.sheets.faults import SheetError, SheetFault

if TYPE_CHECKING:
    from typing import IO


_WESTERN: Final = (
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "àèéìòù", "éëïóöü", "àáâãçéêíóôõú", "àçèéíïòóúü",
    "åäöé", "æøåé",
)  # fmt: skip
"""German, French, Spanish, Italian, Dutch, Portuguese, Catalan, Swedish, Danish and Norwegian."""
_CENTRAL: Final = (
    "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß",
)  # fmt: skip
"""Polish, Czech, Slovak, Hungarian, Croatian and Slovene, Romanian; German, as a neighbour."""
_TURKISH: Final = ("çğıöşüİ",)
_BALTIC: Final = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõšüž")
_SIGNS: Final = frozenset("€£§°ªº·«»„“”‘’–—…¿¡²\u00a0")
"""Characters that people type besides letters."""

LATIN: Final = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "cp850": _WESTERN,
    "mac_roman": _WESTERN,
    "cp852": _CENTRAL,
}
"""The alphabets of the languages that use each encoding; the first of equal fits wins."""


_OLD: Final = {"cp850", "cp852"}
"""Encodings of DOS, which few programs still write; they have to fit clearly better."""


def likeliest(lines: bytes) -> str:
    """Return the encoding in which most non-ASCII letters belong to one language."""
    return max(LATIN, key=lambda encoding: _fitness(lines, encoding))


def _fitness(lines: bytes, encoding: str) -> float:
    """Score an encoding: 2 for a letter of the best language, 1 of another one, 1.5 for a sign."""
    read = [each for each in lines.decode(encoding, errors="replace") if each > "\x7f"]
    alphabets = [frozenset(each + each.replace("ß", "").upper()) for each in LATIN[encoding]]
    in_any = frozenset().union(*alphabets)
    best = max(sum(each in alphabet for each in read) for alphabet in alphabets)
    near = sum(each in in_any for each in read)
    signs = sum(each in _SIGNS for each in read)
    return (best + near + 1.5 * signs) * (0.8 if encoding in _OLD else 1)


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
    "iso8859_5",
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
    """An encoding: the name of a Python codec, and the byte order mark of the file."""

    name: str
    bom: bytes = b""


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
    if _is_utf8(file):
        return Encoding("utf-8")
    return Encoding(_single_byte(_telling_lines(file)))


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


def _telling_lines(file: IO[bytes]) -> bytes:
    file.seek(0)
    found = bytearray()
    while len(found) < _TELLING and (line := file.readline(_BLOCK)):
        if not line.isascii():
            found += line
    return bytes(found)


def _single_byte(lines: bytes) -> str:
    read = lines.decode(errors="replace")
    wrong = read.count("\N{REPLACEMENT CHARACTER}")
    if wrong * 10 < sum(character > "\x7f" for character in read) - wrong:
        raise SheetError(SheetFault.WRONG_ENCODING, encoding="utf-8")
    found = from_bytes(lines, cp_isolation=[*LATIN, *_OTHER], preemptive_behaviour=False).best()
    name = found.encoding if found is not None else _USUAL
    if name in LATIN:
        name = likeliest(lines)
    if name == _USUAL and not _HOLES.isdisjoint(lines):
        return "latin-1"
    return name
