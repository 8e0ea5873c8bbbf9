"""Reads, on connections that never write.

Read ``query`` (what is asked for, and where a page ended), ``rows`` (a task's row, and changes)
with ``waits`` (what a task waits for, and what stops a whole queue or batch), then ``catalogue``
and ``vocabulary`` (what the store knows besides its tasks). ``pages`` reads a page, and counts; how
tasks are found for it is in ``conditions`` (a filter in SQL), ``walks`` (the orders, and the
indexes read) and ``searches`` (by words, whose queries ``Vocabulary.match`` writes). The rest
are ``detail`` (one task, and the repeats of its message) and ``causes``.
"""
