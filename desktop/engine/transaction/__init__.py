"""One transaction of the writer.

``group`` reads a record, moves it, adds, logs and commits; ``one_writer`` puts what it collected
into rows; ``earlier_attempts`` says whether a message may have arrived. ``writer_store`` is the
port to the store, which makes groups. ``memory`` is what the writer remembers of the store, with
the ``starts`` that rates count. ``replies`` are requests, done whole or not at all, and their
answers after the commit; ``functions`` are those tasks were accepted for. What a group keeps
beside its tasks: ``causes`` of failures, whether recipients know (``informing``), the words of the
search (``searching``), figures (``measuring``), and what the log says of ``failures``.
"""
