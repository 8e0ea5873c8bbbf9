"""Reading the table of tasks, filtered, searched and sorted.

Read ``pages`` (a page, and counts), then how its tasks are found: ``walks`` (the indexes that are
read), ``orders`` (what tasks are sorted by) and ``searches`` (how words find them).
"""
