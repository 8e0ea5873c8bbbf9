"""Reading, on connections that never write.

Read ``query`` (what is asked for), ``rows`` (a row, and what changed),
``pages`` (the table), ``walks`` and ``orders`` (its order), ``catalogue`` and ``vocabulary`` (what
the store knows beside its tasks), ``detail`` (one task), ``ahead`` (what a task waits for).
"""
