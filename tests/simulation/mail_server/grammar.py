"""What a server may say at a step: proper replies, and all the ways in which they go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from random import Random
from typing import Final

Pieces = Iterator[tuple[float, bytes]]
"""The pause before each piece, in seconds, and its bytes; empty bytes close the connection."""
PROPER: Final = {"greeting": 220, "AUTH": 235, "AUTH LOGIN": 334, "user": 334, "DATA": 354}
REFUSALS: Final = (421, 450, 451, 452, 500, 535, 550, 552, 554)
ODD: Final = (0, 100, 150, 220, 250, 251, 334, 354, 399, 600, 999)
SHORT: Final = 1 / 128
"""Seconds between two pieces; sums of binary fractions have no rounding errors."""
NEVER: Final = 100_000.0
"""Seconds that outlast every deadline."""
MANNERS: Final = (
    *("refuse", "refuse", "extra", "extra", "odd code", "mixed codes", "malformed", "half line"),
    *("unfinished", "split", "drip", "late", "silent", "endless", "endless line", "close"),
)


@dataclass(frozen=True)
class Utterance:
    """What is said once. ``code`` is that of a proper reply; ``None`` if it is none.

    ``is_alone``: whether nothing was added to it.
    """

    manner: str
    code: int | None
    pieces: Pieces
    is_alone: bool = True


def answer(step: str, random: Random, mischief: float, *, is_clear: bool = False) -> Utterance:
    """Draw the reply to a step; ``mischief`` is the part that is not as it should be.

    One that ``is_clear`` either accepts or refuses.
    """
    code = PROPER.get(step, 250)
    manner = random.choice(MANNERS) if random.random() < mischief else "proper"
    if is_clear:
        manner = random.choice(["proper", "refuse"]) if step == "dot" else "proper"
    whole = reply(code, random, step)
    begin = whole[: random.randrange(1, len(whole) - 1)]
    match manner:
        case "refuse":
            code = random.choice(REFUSALS)
            return Utterance(manner, code, _at_once(reply(code, random)))
        case "extra":
            return Utterance(manner, code, _extra(whole, random), is_alone=False)
        case "odd code":
            odd = random.choice([each for each in ODD if each != code])
            return Utterance(manner, odd, _at_once(b"%03d odd\r\n" % odd))
        case "mixed codes":
            codes = random.sample([code, *REFUSALS], 2)
            return Utterance(manner, None, _at_once(b"%d-one\r\n%d two\r\n" % tuple(codes)))
        case "malformed":
            return Utterance(manner, None, _at_once(_malformed(code, random)))
        case "half line":
            return Utterance(manner, None, iter([(0, begin.rstrip(b"\r\n") + b" "), (0, b"")]))
        case "unfinished":
            return Utterance(manner, None, iter([(0, b"%d-more\r\n" % code), (0, b"")]))
        case "split":
            return Utterance(
                manner,
                code,
                ((SHORT if place else 0, whole[place : place + 1]) for place in range(len(whole))),
            )
        case "drip":
            long = b"%d %s\r\n" % (code, b"x" * random.choice([100, 2000]))
            return Utterance(
                manner, None, ((random.randint(8, 20), bytes([each])) for each in long)
            )
        case "late":
            return Utterance(manner, None, iter([(NEVER, whole)]))
        case "silent":
            return Utterance(manner, None, iter(()))
        case "endless":
            return Utterance(manner, None, repeat((0.0, b"%d-%s\r\n" % (code, b"x" * 500))))
        case "endless line":
            return Utterance(manner, None, repeat((0.0, b"%d %s" % (code, b"x" * 500))))
        case "close":
            return Utterance(manner, None, iter([(0, b"")]))
        case _:
            return Utterance("proper", code, _at_once(whole))


def unasked(random: Random, mischief: float, *, is_whole: bool) -> Utterance | None:
    """Draw what a server says without being asked; mostly it is silent.

    If it ``is_whole``, the next reply does not continue its line.
    """
    if random.random() >= mischief:
        return None
    said = random.choice(
        [
            *(b"250 early\r\n", b"250 early\r\n", b"554 early\r\n", b"421 bye\r\n", b"354 go\r\n"),
            *(
                b"2",
                b"\r\n" if is_whole else b"250 early",
                b"250-early\r\n",
                b"\r\n",
                b"\0",
                b"250 one\r\n250 two\r\n",
            ),
        ]
    )
    return Utterance("unasked", None, _at_once(said), is_alone=False)


def reply(code: int, random: Random, step: str = "") -> bytes:
    """Make a proper reply of one line or more."""
    lines = ["said", "more"] if random.random() < 0.2 else ["said"]
    if step == "EHLO":
        offers = ["SIZE 1000", "PIPELINING", "8BITMIME", "SMTPUTF8"]
        login = random.choice(["AUTH PLAIN", "AUTH LOGIN", "AUTH=LOGIN"])
        lines = ["here", *random.sample(offers, random.randrange(len(offers))), login]
    marks = [*"-" * (len(lines) - 1), " "]
    return "".join(
        f"{code}{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)
    ).encode()


def _at_once(said: bytes) -> Pieces:
    return iter([(0.0, said)])


def _extra(whole: bytes, random: Random) -> Pieces:
    """Add what was not asked for, in the same packet or in another one right behind it."""
    more = random.choice(
        [b"250 early\r\n", b"354 go\r\n250 early\r\n", b"554 no\r\n", b"421 bye\r\n", b"2", b"\r\n"]
    )
    if random.random() < 0.5:
        return _at_once(whole + more)
    return iter([(0.0, whole), (0.0, more)])


def _malformed(code: int, random: Random) -> bytes:
    return random.choice(
        [
            b"%d0 said\r\n" % code,
            b"%dsaid\r\n" % code,
            b"%d_said\r\n" % code,
            b" %d said\r\n" % code,
            b"+%d said\r\n" % code,
            b"%d-said\r\n%d0 said\r\n" % (code, code),
            b"said\r\n",
            b"\r\n",
            random.randbytes(20).replace(b"2", b"x") + b"\r\n",
        ]
    )
