"""The import of spreadsheets as drafts of batches.

``imports`` joins the parts. ``draft_file`` takes files and pasted cells, makes a draft of one and
watches it. ``row_upload`` reads its rows, ``known_columns`` remembers what columns mean.
``draft_rows`` corrects rows, ``draft_changes`` saves the settings, ``starting`` sends,
``putting_aside`` closes a draft, ``draft_toasts`` says what happened. ``draft_memory`` remembers
drafts, and ``unfinished_imports`` offers them again. ``import_calls`` has the blocking calls.
"""
