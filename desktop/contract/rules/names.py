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
    " profin drin univ hon jun priv pd med dent vet rer nat phil jur iur oec pol theol habil hc"
    " mult fh tu th hs ökon kfm betriebsw päd psych wirtsch soz arch inform math phys biol"
    " chem geol geogr agr em apl ao mmag ddr di bakk hofrat hr kffr str strin"
    " ostr ostrin std rain dekan hptm"
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
_USUAL: Final = _words(
    "mr mrs ms miss dr prof professor doctor herr herrn frau mme madame monsieur mevrouw señor"
    " señora signor signora"
)
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
_COMPANIES: Final = _words(
    "ag kg ug og se sa ab as asa"
    " gmbh ggmbh mbh ohg kgaa gbr inc incorporated ltd limited llc llp plc corp"
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
    " café bar blumen autohaus haus feuerwehr kreuz caritas diakonie bund deutsche"
    " vorstand vorsitz sekretariat sekretärin buchhaltung redaktion kasse kassier kassierin info"
)
"""Words of the names of companies, clubs and offices, without their dots: GmbH, Inc., Söhne."""
_COMPOUNDS: Final = (
    "verein", "verband", "verlag", "kanzlei", "praxis", "schule", "gesellschaft", "stiftung",
    "institut", "zentrum", "bäckerei", "museum", "klinik", "amt",
    "apotheke", "genossenschaft", "gemeinschaft",
)  # fmt: skip
"""How German names of companies and clubs end: Turnverein."""
_EITHER: Final = TITLES | SUFFIXES
_OTHER_WORDS: Final = _COMPANIES | _EITHER | _LEAD_IN | PARTICLES
IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
"""What is added to a name in brackets: *(Extern)*, *[Kasse]*."""
_LETTERS: Final = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0300-\u036f"
_PLAIN: Final = re.compile(
    rf"[{_LETTERS}]{{2,}}(?:-[{_LETTERS}]{{2,}})*|[DO]['’][{_LETTERS}]{{3,}}"
)
"""One Latin word: *Hans-Peter*, *O'Brien*."""


class WholeName(str):
    """A name of which it is not certain what its first and its last name are."""

    __slots__ = ()


def is_title(text: str) -> bool:
    """Tell whether a text is only titles of people: *Dr. med.*, *Mr & Mrs*, *Dipl.-Ing.*."""
    words = text.split()
    is_known = all(_is_either(word) or _joined(word) in _LEAD_IN for word in words)
    return is_known and any(map(_is_either, words))


def parts_of(name: str, last: str | None = None) -> tuple[str, str]:
    """Return the first and the last name; both are the ``WholeName`` where it is not certain.

    It is if ``last`` is known and ends the name, or if the name is two plain words, with nothing
    but titles beside them: *Dr. Fay Moreau*, *Moreau, Fay*, *Fay Moreau, PhD*. Companies, initials,
    couples and other scripts are not told apart.
    """
    if last is not None and f" {name}".endswith(f" {last}" if last else ""):
        return name.removesuffix(last).strip(), last
    if (spoken := spoken_name(name)) != name:
        return parts_of(spoken, name.partition(",")[0].strip())
    before, _, after = name.partition(",")
    has_suffix = bool(after) and all(_joined(word) in SUFFIXES for word in after.split())
    words = (before if has_suffix else name).split()
    while words and _is_clear_title(words[0]):
        words.pop(0)
    is_western = len(words) == _TWO or (has_suffix and len(words) > _TWO)
    if is_western and _are_plain(words) and len({word.isupper() for word in words}) == 1:
        return words[0], " ".join(words[1:])
    return WholeName(name), WholeName(name)


def spoken_name(name: str) -> str:
    """Return a name as it is spoken: *Eva Maria von Ahn* of *von Ahn, Eva Maria*.

    Any other name stays as it is, such as those of companies: *Meier, Huber & Co. KG*.
    """
    last, _, first = (part.strip() for part in name.partition(","))
    words, given = last.split(), first.split()
    family = [word for word in words if _joined(word) not in PARTICLES or word is words[-1]]
    is_turned = len(family) == 1 and 0 < len(given) <= _TWO and _are_plain([*family, *given])
    return f"{first} {last}" if is_turned else name


_TWO: Final = 2


def _are_plain(words: list[str]) -> bool:
    """Tell whether words are Latin and none is another one than of a person's name."""
    return all(
        _PLAIN.fullmatch(word)
        and _joined(word) not in _OTHER_WORDS
        and not word.casefold().endswith(_COMPOUNDS)
        for word in words
    )


def _is_clear_title(word: str) -> bool:
    """Tell whether a word is a title and no name: it has a dot, or is one of the most usual."""
    said = _joined(word)
    return said in _USUAL or ("." in word and said != "fam" and _is_either(word))


def _is_either(word: str) -> bool:
    """Tell whether a word is a title or a suffix; *Dipl.-Ing.* is a title of two parts."""
    parts = plain(word).split()
    return _joined(word) in _EITHER or (bool(parts) and TITLES.issuperset(parts))
