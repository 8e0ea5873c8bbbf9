"""Reading, on connections that never write.

Read ``query`` (what is asked for), ``rows`` (a row, and what changed), ``pages`` (the table) with
``orders`` and ``walks`` (how it is sorted and searched), ``catalogue`` and ``vocabulary`` (what the
store knows beside its tasks), ``detail`` (one task) and ``waits`` (what a task waits for).
``items``, ``batches``, ``causes`` and ``overview`` are the other lists.
"""
