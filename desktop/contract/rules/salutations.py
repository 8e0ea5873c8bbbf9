"""Salutations: *Sehr geehrte Frau Berg* by the word *Frau* that a spreadsheet has for a person."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from desktop.contract.rules.names import WholeName, is_suffix, is_title, titles_in
from sendoff_tasks.model.text import plain, trimmed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Salutations(NamedTuple):
    """The salutations of a language; ``neutral`` is that of anybody."""

    woman: str
    man: str
    family: str
    neutral: str


DEFAULT_LANGUAGE: Final = "en"
SALUTATIONS: Final = {
    "de": Salutations(
        "Sehr geehrte Frau {}", "Sehr geehrter Herr {}", "Sehr geehrte Familie {}", "Guten Tag {}"
    ),
    "en": Salutations("Dear Ms {}", "Dear Mr {}", "Dear {} family", "Hello {}"),
    "es": Salutations(
        "Estimada Sra. {}", "Estimado Sr. {}", "Estimada familia {}", "Buenos días {}"
    ),
    "fr": Salutations("Bonjour Madame {}", "Bonjour Monsieur {}", "Chère famille {}", "Bonjour {}"),
    "nl": Salutations(
        "Geachte mevrouw {}", "Geachte heer {}", "Geachte familie {}", "Goedendag {}"
    ),
}
"""The salutations by the code of their language."""
_WORDS: Final = {
    "de": ("frau fräulein frl fr weiblich w", "herr herrn hr männlich", "familie fam"),
    "en": ("ms mrs miss female f woman", "mr mister male m", "family"),
    "es": ("sra señora srta señorita doña dña mujer", "sr señor don hombre", "familia"),
    "fr": ("mme madame mlle mademoiselle femme", "monsieur homme h", "famille"),
    "nl": ("mevrouw mevr mw mej vrouw", "heer dhr man", "familie"),
}
"""The words for a woman, a man and a family."""
_KNOWN: Final = {
    plain(word): (kind, language)
    for language, said in reversed(_WORDS.items())
    for kind, words in zip(Salutations._fields, said, strict=False)
    for word in words.split()
}
"""The place in ``Salutations``, and the language, of each word; German goes first."""


_BEFORE: Final = frozenset({"aan", "an", "de", "den", "el", "la", "le"})
"""What stands before a word: *De heer*, *An Herrn*, *La Sra.*."""
_TITLED: Final = {
    "en": {("Dear {title} {last}",) * 2: "dr doctor prof professor rev reverend"},
    "es": {
        ("Estimada {title} {last}", "Estimado {title} {last}"): "dr dra doctor doctora prof profa"
        " profesor profesora lic licda ing arq"
    },
    "fr": {
        ("Bonjour Docteur {last}",) * 2: "dr docteur docteure",
        ("Bonjour Professeur {last}",) * 2: "pr prof professeur professeure",
        ("Bonjour Maître {last}",) * 2: "me maître",
    },
}
"""The salutations of a woman and a man in languages in which a title takes the place of the word,
with these titles. In German it follows the word; in Dutch only that of the word's cell is said."""


def is_salutation(text: str) -> bool:
    """Tell whether a text is a word for a woman, a man or a family: *Frau*, *Herrn Dr.*, *w*."""
    return _parts(text) is not None


def language_told(texts: Collection[str]) -> str | None:
    """Return the language of the words of a column; empty if they are letters or *female*.

    ``None`` if they may be anything: *Familie* and *M* alone are memberships and sizes.
    """
    found = [_KNOWN.get(plain(_split(text)[0]), ("", "")) for text in texts]
    kinds = {kind for kind, _ in found}
    told = [
        language
        for text, (_, language) in zip(texts, found, strict=True)
        if language and len(plain(text)) > 1 and plain(text) not in _IN_PROGRAMS
    ]
    if told and not kinds.isdisjoint({"woman", "man"}):
        return max(sorted(set(told)), key=told.count)
    return "" if {"woman", "man"} <= kinds and len(kinds) <= len(Salutations._fields) else None


class WordsTold(NamedTuple):
    """How a column tells the salutation: its language, and what is ``chosen`` for its own words.

    As text it is ``de``, or ``de 1=man&2=woman``: the places of ``Salutations``.
    """

    language: str
    chosen: Mapping[str, str]

    @classmethod
    def parse(cls, form: str) -> WordsTold | None:
        """Parse what ``str`` writes; ``None`` for any other text."""
        language, _, words = form.partition(" ")
        try:
            chosen = dict(parse_qsl(words, strict_parsing=bool(words)))
        except ValueError:
            return None
        is_told = language in SALUTATIONS and {*chosen.values()} <= {*Salutations._fields[:-1]}
        return cls(language, chosen) if is_told else None

    def __str__(self) -> str:
        """Write it."""
        return f"{self.language} {urlencode(self.chosen)}".strip()

    def word(self, text: str) -> str:
        """Return the word for a cell: what is chosen for its own, else the cell."""
        return self.chosen.get(trimmed(text), text)


def salutation(word: str, language: str, name: str, last: str, title: str = "") -> str:
    """Return the salutation of a person, by a word such as *Frau*, the name and a title beside it.

    It is the neutral one if the word is not known, or no last name.
    """
    said = SALUTATIONS.get(language, SALUTATIONS[DEFAULT_LANGUAGE])
    known = _parts(word)
    if known is None or not last:
        return said.neutral.format(name).strip()
    kind, titles = known
    said_titles = titles or titles_in(title)
    if language == "de" and not isinstance(last, WholeName):
        said_titles = said_titles or " ".join(
            each for each in name.split() if each in {"Dr.", "Prof."}
        )
    titles = said_titles if language == "de" else titles
    first, _, rest = last.partition(" ")
    if isinstance(last, WholeName) and rest and is_salutation(first):  # Frau Netz
        last = rest
    formula = _titled(language, kind, said_titles)
    if formula is not None:
        return formula.format(title=said_titles.split()[0], last=last)
    whole = last if last.startswith(titles) else f"{titles} {last}"
    formula = str(getattr(said, kind))
    if (own := plain(word).capitalize()) in {"Mrs", "Miss"}:
        formula = formula.replace("Ms", own)
    return formula.format(whole)


def own_titles(text: str) -> str:
    """Return the titles of a column that stand before a name: *Dr. med.* of *Dr. med., MBA*."""
    words = text.replace(",", " ").split() if is_title(text.replace(",", " ")) else []
    titles = (word for word in words if plain(word) not in {*_KNOWN, "mx"} and not is_suffix(word))
    return " ".join(titles)


def _titled(language: str, kind: str, titles: str) -> str | None:
    """Return the salutation in which the first title takes the place of the word, if any."""
    first = plain(titles.partition(" ")[0])
    for formulas, known in _TITLED.get(language, {}).items():
        if first and first in plain(known).split() and kind != "family":
            return formulas[kind == "man"]
    return None


_IN_PROGRAMS: Final = frozenset({"female", "male"})
"""English words that programs of any language write."""


@lru_cache(1024)
def _parts(text: str) -> tuple[str, str] | None:
    """Return the kind of a salutation and the titles after it; ``None`` for any other text."""
    first, titles = _split(text)
    kind, _ = _KNOWN.get(plain(first), ("", ""))
    others = {plain(word) for word in titles.split()}
    is_one = others.isdisjoint(_KNOWN) and others.isdisjoint(
        {"", "und", "u", "et", "and", "y", "en"}
    )
    return (kind, titles) if kind and is_one and (not titles or is_title(titles)) else None


def _split(text: str) -> tuple[str, str]:
    """Return the word of a text, without an article before it, and the rest."""
    first, _, rest = " ".join(text.split()).partition(" ")
    while rest and plain(first) in _BEFORE:
        first, _, rest = rest.partition(" ")
    return first, rest
