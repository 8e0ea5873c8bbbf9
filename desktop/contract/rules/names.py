"""Names of people: which words of a name are titles, and which are the first and the last name.

Tables of some twenty languages. The library nameparser takes *Univ.-Prof.*, *gđa* and *herra* for
first names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from desktop.contract.rules.text import plain


def _words(text: str) -> frozenset[str]:
    return frozenset(map(_joined, text.split()))


@lru_cache(4096)
def _joined(word: str) -> str:
    return plain(word).replace(" ", "")


TITLES: Final = _words(
    # English
    "mr mrs ms miss mx messrs mister dr doctor prof professor sir dame lord lady rev reverend fr"
    " hon honorable honourable capt captain lt lieutenant col colonel maj major gen general sgt"
    " cpl cmdr adm judge justice rabbi imam bishop pastor father sister brother prince princess"
    " duke dean earl family rt right assoc asst adj emeritus emerita gov rep cllr councillor amb"
    " pres uncle aunt"
    " ven canon deacon elder engr er shri sri smt kumari chief sheikh haji alhaji datuk mstr"
    # German; the parts of Dipl.-Ing., Dr. rer. nat., Mag. (FH) and the like
    " herr herrn herren frau fräulein frl damen familie fam eheleute ehepaar dipl diplom ing mag"
    " univ hon jun priv pd med dent vet rer nat phil jur iur oec pol theol habil hc mult fh tu th"
    " hs ökon kfm betriebsw päd psych wirtsch soz arch inform math phys biol chem geol geogr agr"
    " em apl ao mmag ddr di bakk hofrat hr kffr str strin ostr ostrin std rain dekan hptm"
    " rechtsanwalt rechtsanwältin direktor direktorin präsident präsidentin rektor rektorin notar"
    " notarin bischof abt äbtissin vikar vikarin diakon diakonin schwester bruder oberst onkel"
    " tante oma opa"
    " magister lic maga techn mont sc oek publ rat ra stb wp pfr pfarrer pfarrerin"
    " pater graf gräfin freiherr freifrau baron baronin prinz prinzessin bürgermeister"
    " bürgermeisterin dres profes hd zhd zh"
    # French
    " m mm mme mmes mlle mlles monsieur madame mademoiselle messieurs mesdames me maître pr"
    " famille docteur professeur abbé père soeur"
    # Spanish, Portuguese, Catalan
    " sr sra srta sres señor señora señorita d da dª dña don doña dra lic licda prof profa profra"
    " profesor profesora doctora padre hermana hermano professora arq abg familia família senhor"
    " senhora srª drª exmo exma ilmo ilma eng engª enga dom dona"
    # Italian, Romanian
    " sig sigra signa sigg signor signore signora signorina dott dottssa dottore dottoressa"
    " suor cav comm avv geom rag profssa on egr gent gentmo gentma spett spettle famiglia dl dna"
    " dlui domnul"
    " doamna domnișoara dșoara"
    # Dutch, Swedish, Danish, Norwegian, Finnish, Icelandic
    " dhr heer mevr mevrouw mw drs ir mej fam fru fröken frøken frk hr herra rouva neiti tri"
    " maisteri tohtori familjen familien perhe"
    # Polish, Czech, Slovak, Croatian, Slovenian, Serbian
    " pan pani panna państwo mgr inż hab pán paní pani slečna bc mudr judr rndr phdr paeddr mvdr"
    " thdr ingarch doc gospodin gospođa gospođica gđa gđica gosp g gospa mrsc drsc dipling spec"
    # Hungarian, Turkish
    " özv ifj id úr bay bayan sayın sn av yrd doç uzm öğr"
    # Russian, Ukrainian, Bulgarian, Greek
    " г гн гжа господин господа госпожа д р др проф доктор профессор пан пані доц акад"
    " κ κος κα κύριος κυρία δις δεσποινίς δρ καθ"
)
"""Words before a name, without their dots: Dr., Frau, Mme, Dipl.-Ing."""
SUFFIXES: Final = _words(
    "jr sr junior senior jun sen ii iii iv phd dphil md mba mbbs mph mfa bsc msc beng meng bed med"
    " ba ma llb llm jd dds dvm rn cpa cfa pe esq esquire obe mbe cbe fh csc drsc dis phdr mw dj dä"
    " fils père bey hanım efendi 様 さん 氏 先生 殿 御中 님 씨 先生 女士 小姐"
)
"""Words after a name: Jr., PhD, MD."""
ALSO_NAMES: Final = _words(
    "don dom dean duke earl prince princess major judge justice bishop pastor baron rag pan pat g"
    " d m id da pani av ra dis ma ba md pe med bey sen lic mag on graf gent rat col capt jun phil"
    " di er elder chief canon rain std kumari"
    " nat pol gen tu th sc em math chem dent vet priv pr me sn ir doc art jur fr arch"
)
"""Titles and suffixes that are names of people too."""
_LEAD_IN: Final = _words(
    "& + und u and et e y o i og och en ja és ve и і και / to the an z de la le el los las il lo"
    " der die"
)
"""Words that lead in a title or stand between two."""
PARTICLES: Final = _words(
    "von van vom zu zum zur de del della der den dem di da dal dos das do du des la le el ter ten"
    " af av bin ibn ben al"
)
"""Words with which a last name begins, in small letters."""
_COMPANIES: Final = (
    _words(
        "gmbh ggmbh mbh ohg kgaa gbr inc incorporated ltd limited llc llp plc corp"
        " corporation company sarl sàrl sas srl spa aps kft zrt sro spzoo doo oyj bv nv"
        " partner partners partnerschaft partgmbb söhne sons gebrüder gebr brothers bros hermanos"
        " associates associés group gruppe groupe holding stiftung foundation fondation verein"
        " verband club verlag kanzlei praxis notariat apotheke bäckerei hotel restaurant agency"
        " agentur institut institute university universität school schule bank team büro office"
        " studio consulting services solutions steuerberater rechtsanwälte architekten ingenieure"
        " lawyers solicitors stadt stadtgemeinde marktgemeinde gemeinde landkreis city department"
        " council pfarre museum theater theatre galerie gallery klinik clinic"
        " hospital krankenhaus orchester orchestra chor choir society association federation"
        " société asociación cooperativa fundación mairie comune"
    )
    - TITLES
    - SUFFIXES
)
"""Words of the names of companies and clubs, without their dots: GmbH, Inc., Söhne."""
_COMPOUNDS: Final = (
    "verein", "verband", "verlag", "kanzlei", "praxis", "schule", "gesellschaft", "stiftung",
    "institut", "zentrum", "bäckerei", "museum", "klinik", "amt",
    "apotheke", "genossenschaft", "gemeinschaft",
)  # fmt: skip
"""How German names of companies and clubs end: Turnverein."""
_LEGAL_FORMS: Final = frozenset({"AG", "KG", "UG", "OG", "SE", "SA", "AB", "AS", "ASA", "BV", "NV"})
"""Legal forms that are names too, unless they are in capitals at the end of a company's name."""
_AS_COMPANY: Final = re.compile(r"(?i:&|\b(?:und|and|et))\s*(?i:co|cie)\b|\be\.? ?[VK]\b")
"""*& Co.* and *e.V.* within a name."""
_BETWEEN_NAMES: Final = re.compile(r"[&+/;|@\d]|\s(?:und|and|et|y|e|og|och|en|i|a|ja|и)\s", re.I)
"""What stands between the names of several people, or in what is no name."""
_SIGNS: Final = frozenset({"&", "+"})
_AND: Final = _SIGNS | {"und", "u.", "and", "et"}
"""Words between the names of two people."""
_AND_OR_NAME: Final = frozenset({"y", "e", "i", "og", "och", "en", "ja", "и"})
"""Such words that are also within a last name: *José Ortega y Gasset*, but *Ana y Juan Pérez*."""
_LONGEST_PART: Final = 5
"""Words of a last name, or of first names with titles."""
_SHORTEST_IN_CAPITALS: Final = 3
"""Letters of a last name in capitals; fewer are initials: *AJ Meier*."""
IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
"""What is added to a name in brackets: *(Extern)*, *[Kasse]*."""
_AFTER_DOT: Final = re.compile(r"(?<=\w\w\.)(?=\w{2})")
"""The place after a title without a blank, as in *Dr.Anna*."""


def is_title(text: str) -> bool:
    """Tell whether a text is only titles of people: *Dr. med.*, *Mr & Mrs*, *Dipl.-Ing.*."""
    words = text.split()
    is_known = all(_is_either(word) or _joined(word) in _LEAD_IN for word in words)
    return is_known and any(map(_is_either, words))


def without_titles(text: str) -> str:
    """Return a name without the titles before it: *Hans Peter* of *Dr. Hans Peter*."""
    return "" if is_title(text) else " ".join(_without_titles(text.split()))


def first_name(name: str) -> str:
    """Return the first name of “Dr. Fay Moreau” or “Moreau, Fay”.

    If only titles or the last name are left, it is the whole name, and so it is for a couple.
    """
    first, _ = _parts(name)
    return first


def last_name(name: str) -> str:
    """Return the last name of “Fay Moreau, PhD” or “Moreau, Fay”; a single word counts as it."""
    _, last = _parts(name)
    return last


def spoken_name(name: str) -> str:
    """Return a name as it is spoken: *Dr. Eva Meier, PhD* of *Meier, Dr. Eva, PhD*.

    The names of companies, and of several people, stay as they are: *Meier, Huber & Co. KG*.
    """
    parts = [part for part in map(str.strip, name.split(",")) if part]
    named = [part for part in parts if not _is_added(part)]
    titles = [part for part in parts if part not in named and not _has_suffix(part)]
    others = [part for part in parts if part not in named and part not in titles]
    if len(parts) == 1 or len(named) not in {1, 2} or _is_company(name):
        return name
    if len(named) == 2 and not (parts[0] == named[0] and all(map(_may_be_part, named))):
        return name
    if len(named) == 1 and not titles:
        return name
    last = named[0].split()
    plain_last = _without_titles(last) or last  # *Dr. Meier, Eva*
    titles += last[: len(last) - len(plain_last)]
    return ", ".join([" ".join([*titles, *named[1:], *plain_last]), *others])


def _has_suffix(part: str) -> bool:
    return any(_joined(word) in SUFFIXES for word in part.split())


def _is_company(name: str) -> bool:
    """Tell whether a name is probably that of a company or a club."""
    for part in name.split(","):
        words = part.split()
        known = {*map(_joined, words), _joined("".join(words[-2:]))}
        if not _COMPANIES.isdisjoint(known) or any(word.endswith(_COMPOUNDS) for word in known):
            return True
        if words and words[-1] in _LEGAL_FORMS and not name.isupper():
            return True
    return _AS_COMPANY.search(name) is not None


def _may_be_part(part: str) -> bool:
    """Tell whether a text may be the last name, or the first names, of one person."""
    return len(part.split()) <= _LONGEST_PART and not _BETWEEN_NAMES.search(part)


def _parts(name: str) -> tuple[str, str]:
    """Return the first and the last name; a company has no first name."""
    if _is_company(name):
        return name.strip(), name.strip()
    parts = [part.strip() for part in (IN_BRACKETS.sub(" ", name).strip() or name).split(",")]
    filled = [part for part in parts if part]
    named = [part for part in filled if not _is_added(part)] or filled
    if not named:
        return "", ""
    couple = _without_titles(named[-1].split())
    if len(named) <= 2 and (at := _and_at(couple)):
        is_turned = (
            len(named) > 1 and couple[at] not in _SIGNS
        )  # lawyers are Meier, Huber & Schmidt
        both = f"{named[1]} {named[0]}" if is_turned else name.strip()
        return both, _last_of_both(name, named, couple, at)
    last = " ".join(_without_titles(named[0].split()))
    if len(named) > 1:  # Last, First
        words = _without_titles(named[1].split())
        is_known = words and not _is_initial(words[0])
        return words[0] if is_known else f"{named[1]} {named[0]}", last or named[0]
    words = _without_suffixes(named[0])
    left = _without_titles(words)
    if not left or (len(left) == 1 and len(words) > 1) or _is_last_name(left):
        return " ".join(words), " ".join(left or words)
    at = _in_capitals(left)
    return left[at], " ".join(left[:at] or left[1:] or left)


def _in_capitals(words: list[str]) -> int:
    """Return how many words are a last name in capitals before first names: *DUPONT Marie*."""
    at = 0
    while at < len(words) and words[at].isupper() and "." not in words[at]:
        at += 1
    is_name = len("".join(words[:at])) >= _SHORTEST_IN_CAPITALS
    return at if is_name and not "".join(words[at:]).isupper() and at < len(words) else 0


def _and_at(words: list[str]) -> int:
    """Return the place of the *and* between the names of two people, 0 if there is none."""
    for at, word in enumerate(words[1:-1], 1):
        if word.casefold() in _AND or (at == 1 and word in _AND_OR_NAME):
            return at
    return 0


def _last_of_both(name: str, named: list[str], couple: list[str], at: int) -> str:
    """Return the last name that both of a couple have; else the whole name."""
    if len(named) > 1:  # Last, First and First
        return " ".join(_without_titles(named[0].split())) or named[0]
    others = _without_titles(couple[at + 1 :])
    one, other = (" ".join(part[1:]) for part in (couple[:at], others))
    return other if other and one in {"", other} else name.strip()


def _is_added(part: str) -> bool:
    """Tell whether a part between commas has only titles and suffixes, such as *PhD*."""
    return all(_is_either(word) and not _is_also_name(word, part) for word in part.split())


def _without_titles(words: list[str]) -> list[str]:
    """Return the words from the first one that is neither a title nor an initial."""
    words = [each for word in words for each in _apart(word)]
    at = 0
    while at < len(words) and _leads(words[at], words[at + 1 :]):
        at += 1
    return words[at:]


def _leads(word: str, left: list[str]) -> bool:
    """Tell whether a word before those ``left`` is no part of the name."""
    if _is_either(word):
        return not _is_plain_name(word) or len(left) >= _SEVERAL
    is_lead_in = _joined(word) in _LEAD_IN and any(map(_is_title, left[:2]))
    return is_lead_in or (_is_initial(word) and bool(left))


_SEVERAL: Final = 2
"""Words after a title that is also a name: *Don Juan Pérez*, but *Don Johnson*."""


def _without_suffixes(text: str) -> list[str]:
    words = text.split()
    while len(words) > 1 and _joined(words[-1]) in SUFFIXES and not _is_also_name(words[-1], text):
        words.pop()
    return words


def _is_last_name(words: list[str]) -> bool:
    """Tell whether the words begin as a last name: *von Sydow*, *Van den Berg*."""
    small = [_joined(word) in PARTICLES and word.islower() for word in words[:2]]
    return small[0] or (any(small) and _joined(words[0]) in PARTICLES)


def _is_title(word: str) -> bool:
    """Tell whether a word is a title; *Dipl.-Ing.* is one of two parts."""
    parts = plain(word).split()
    return _joined(word) in TITLES or (bool(parts) and TITLES.issuperset(parts))


def _is_either(word: str) -> bool:
    return _is_title(word) or _joined(word) in SUFFIXES


def _apart(word: str) -> list[str]:
    """Return *Dr.* and *Anna* of *Dr.Anna*."""
    parts = _AFTER_DOT.split(word)
    return parts if not _is_title(word) and _is_title(parts[0]) else [word]


def _is_plain_name(word: str) -> bool:
    return _joined(word) in ALSO_NAMES and "." not in word


def _is_also_name(word: str, text: str) -> bool:
    """Tell whether a suffix may be a name: it has no dot, and is not written in capitals alone."""
    is_marked = word.isupper() and not text.replace(word, "").isupper() and word != text
    return _is_plain_name(word) and not is_marked


def _is_initial(word: str) -> bool:
    letter = word.rstrip(".")
    return len(letter) == 1 and letter.isupper()
