"""Reading, on connections that never write.

Read ``query`` (what is asked for), ``reader`` (the connections), ``rows`` and ``pages`` (the
table), ``walks`` and ``cursor`` (its order), ``catalogue`` and ``vocabulary`` (what the store knows
beside its tasks), ``detail`` (one task), ``changes`` (the events), ``ahead`` (what a task waits
for).
"""
