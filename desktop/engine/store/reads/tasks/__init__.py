"""Reads of the table of tasks, filtered, searched and sorted.

Read ``pages`` (a page, and counts), then how tasks are found: ``conditions`` (a filter in SQL),
``walks`` (the orders, and the indexes read) and ``searches`` (by words, whose
queries ``Vocabulary.match_all`` writes).
"""
