"""The import sheet: a spreadsheet's columns, its checked rows, and how they are sent.

Read ``import_sheet``, then its parts: at the left ``source_pane`` with ``read_as`` and
``sending_form``, at the right ``rows_pane`` and ``row_card``. ``imports`` carries out its requests,
with ``draft_file`` (files and pasted cells, and a draft of one), ``row_upload`` (its rows),
``draft_rows`` (their correction), ``starting`` (its settings, and sending) and ``draft_toasts``.
``unfinished_imports`` remembers drafts and offers them again; ``room`` joins all with the window.
"""
