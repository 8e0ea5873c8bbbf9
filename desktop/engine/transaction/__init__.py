"""One transaction of the writer.

``group`` reads a record, moves it, adds, logs and commits; ``ground`` is the port to the store,
which makes groups; ``memory`` is what the writer remembers of the store, with the ``starts`` that
rates count; ``functions`` are those tasks were accepted for; ``replies`` are requests, done whole
or not at all, and their answers after the commit; ``forgetting`` deletes tasks with all that
belongs to them; ``failures`` are told to the log.
"""
