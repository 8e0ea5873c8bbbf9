"""Plain text for a tip; Qt would take text that looks like HTML for HTML, pictures and all."""

from __future__ import annotations

from html import escape


def tip(text: str) -> str:
    """Return what shows as exactly this text, in as many lines as it needs."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if text else ""
