"""The import sheet: a spreadsheet's columns, its checked rows, and how they are sent.

Read ``import_sheet``, then its parts: at the left ``source_pane`` with ``columns_form`` and
``sending_form``, at the right ``rows_pane``, and ``import_foot``.
``imports`` joins what carries out its requests. ``draft_file`` takes files and pasted cells, makes
a draft of one and watches it. ``row_upload`` reads its rows, ``known_columns`` remembers what
columns mean. ``draft_rows`` corrects rows, ``draft_changes`` saves the settings, ``starting``
sends, ``putting_aside`` closes a draft, ``draft_toasts`` says what happened. ``draft_memory``
remembers drafts, and ``unfinished_imports`` offers them again. ``import_calls`` are the blocking
calls.
"""
