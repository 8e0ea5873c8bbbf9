"""Reading, on connections that never write.

Read ``query`` (what is asked for), ``rows`` (a task's row, and what changed) with ``waits`` (what a
task waits for) and ``stops`` (what stops a whole queue or batch), then ``catalogue`` and
``vocabulary`` (what the store knows beside its tasks). The folder ``tasks`` reads pages of the
table, and ``items`` the list of items and one of them. ``detail`` (one task), ``messages`` (which
need a template), ``batches`` with ``left_out``, ``causes`` and ``overview`` are the rest.
"""
