"""What is wrong with typed text, in the window's words."""

from __future__ import annotations

from functools import partial
from typing import Final

from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.words import typed

line_problem: Final = partial(typed.line_problem, words=WORDS)
