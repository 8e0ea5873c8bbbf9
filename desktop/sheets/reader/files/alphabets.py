"""Which encoding of Latin letters text is in, by the letters that languages have.

Statistics of bytes need pages of text, and tell French names from Czech ones no better than by
chance; a list of members has a few. But no language has the letters that come out of a wrong
encoding: *Hélène* read as cp1250 is *Hélčne*, which neither French nor Czech has.
"""

from __future__ import annotations

from typing import Final

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
"""What people type beside letters."""

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
"""The languages that each encoding is used for; the first of those that fit alike is taken."""


_OLD: Final = {"cp850", "cp852"}
"""Encodings of DOS, which few programs still write: only a clear win counts."""


def likeliest(lines: bytes) -> str:
    """Return the encoding in which most letters that are not ASCII are those of one language."""
    return max(LATIN, key=lambda encoding: _fitness(lines, encoding))


def _fitness(lines: bytes, encoding: str) -> float:
    """Count the letters of the best language; a sign is less, a letter of its neighbours half."""
    read = [each for each in lines.decode(encoding, errors="replace") if each > "\x7f"]
    alphabets = [frozenset(each + each.replace("ß", "").upper()) for each in LATIN[encoding]]
    in_any = frozenset().union(*alphabets)
    best = max(sum(each in alphabet for each in read) for alphabet in alphabets)
    near = sum(each in in_any for each in read)
    signs = sum(each in _SIGNS for each in read)
    return (best + near + 1.5 * signs) * (0.8 if encoding in _OLD else 1)
