"""What is wrong with an e-mail address, in the window's words."""

from __future__ import annotations

from functools import partial
from typing import Final

from desktop.contract.rules.addresses import address_problem, sentence
from desktop.contract.rules.mailbox import copies_problem
from desktop.gui.kit.words.table import WORDS

address_problem_words: Final = partial(address_problem, words=WORDS)
copies_words: Final = partial(copies_problem, words=WORDS)
address_sentence: Final = partial(sentence, words=WORDS)
