"""One transaction of the writer.

``group`` reads a record, moves it, adds, logs and commits; it also has the port to the store, which
makes groups. ``uncertain`` tells whether a message may have arrived. ``memory`` is what the writer
remembers of the store, and ``parts`` what each feature keeps there and collects in a group:
``causes`` of failures, the words of the search (``searching``), figures (``measuring``), the
starts that rates count (``rate_windows``), ``pending`` actions, and what few tasks have of their
functions (``function_rows``).
``features`` are what a program adds to the engine.
``replies`` are requests, done entirely or not at all, and their answers after the commit.
``failures`` are the log records of attempts.
"""
