"""Reads, on connections that never write.

Read ``query`` (what is asked for), ``page_cursors`` (where a page ended), ``rows`` (a task's row,
and changes) with ``waits`` (what a task waits for) and ``stops`` (what stops a whole queue or
batch), then ``catalogue`` and ``vocabulary`` (what the store knows besides its tasks). The folder
``tasks`` reads pages of the table, ``items`` the list of items and single ones. The rest are
``detail`` (one task), ``messages`` (tasks that need a template), ``same_message`` (a task and its
repeats), ``causes`` and ``overview``.
"""
