"""The import sheet: a spreadsheet's columns, its checked rows, and how they are sent.

Read ``import_sheet``, then its parts: at the left ``source_pane`` with ``reading_form``, at the
right ``rows_pane``. ``imports`` carries out its requests, also for single rows, with
``draft_file`` (its file, and the rows that are read from that) and ``sending_draft`` (its
settings, sending, and what is said after it); ``known_columns`` has what earlier files with the
same columns became. ``room`` joins all with the window.
"""
