"""What is wrong with typed text, in the window's words."""

from __future__ import annotations

from functools import partial
from typing import Final

from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.mailbox import copies_problem
from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.words import typed

address_problem_words: Final = partial(address_problem, words=WORDS)
copies_words: Final = partial(copies_problem, words=WORDS)
line_problem: Final = partial(typed.line_problem, words=WORDS)
