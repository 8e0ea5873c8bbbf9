"""One transaction of the writer.

``group`` reads a record, moves it, adds, logs and commits. ``earlier_attempts`` tells whether a
message may have arrived. ``writer_store`` is the port to the store, which makes groups. ``memory``
is what the writer remembers of the store, including the ``starts`` that rates count. ``replies``
are requests, done entirely or not at all, and their answers after the commit. ``functions`` are the
functions that have had tasks. Beside its tasks a group maintains ``causes`` of failures, whether
recipients were informed (``informing``), the words of the search (``searching``), figures
(``measuring``), and log records of ``failures``.
"""
