"""Reads, on connections that never write.

Read ``query`` (what is asked for), ``page_cursors`` (where a page ended), ``rows`` (a task's row,
and changes) with ``waits`` (what a task waits for) and ``stops`` (what stops a whole queue or
batch), then ``catalogue`` and ``vocabulary`` (what the store knows besides its tasks). The folder
``tasks`` reads pages of the table. The rest are ``detail`` (one task), ``same_message`` (a task and
its repeats), ``causes`` and ``overview``.
"""
