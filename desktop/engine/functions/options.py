"""What kind of value an option of a task must be; each error names the option."""

from __future__ import annotations


def check_text(what: str, value: object) -> None:
    """Raise ``TypeError`` for what is no text that says something."""
    if not (isinstance(value, str) and value.strip()):
        raise TypeError(f"{what} must be text, got {brief(value)}")


def check_number(what: str, value: object) -> None:
    """Raise ``TypeError`` for what is no number; ``True`` is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{what} must be a number, got {brief(value)}")


def check_whole(what: str, value: object) -> None:
    """Raise ``TypeError`` for what is no whole number; ``True`` is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{what} must be a whole number, got {brief(value)}")


def check_function(what: str, value: object) -> None:
    """Raise ``TypeError`` for what cannot be called."""
    if not callable(value):
        raise TypeError(f"{what} must be a function, got {brief(value)}")


def brief(value: object) -> str:
    """Show a value in an error, the beginning of a long one."""
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
