"""What a person's actions do with spreadsheets.

``imports`` fills the import sheet, with ``shown_file``, ``row_upload``, ``changes`` and
``known_columns``; ``draft_rows``, ``departure`` and ``putting_aside`` carry out what is asked
there. ``import_calls`` has the calls that block. ``draft_memory`` remembers drafts.
"""
