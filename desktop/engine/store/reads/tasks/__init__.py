"""Reading the table of tasks, filtered, searched and sorted.

Read ``pages`` (a page, and counts), then how its tasks are found: ``conditions`` (what a filter
asks), ``orders`` (what tasks are sorted by), ``walks`` (the indexes that are read) and ``searches``
(how words find them).
"""
