"""Cutting text into the words that search finds it by; the same for what is kept and asked."""

from __future__ import annotations

import unicodedata


def words(*texts: str | None) -> str:
    """Return the words of ``texts``, in lower case, without accents, with spaces between.

    ``Ådå <ada@example.org>`` → ``ada  ada example org``.
    """
    whole = " ".join(filter(None, texts))
    if not whole:
        return ""
    if not whole.isascii():
        whole = unicodedata.normalize("NFKD", whole)
        whole = "".join(c for c in whole if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in whole.casefold()).strip()
