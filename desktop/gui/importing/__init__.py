"""The import sheet: a spreadsheet's columns, its checked rows, and how they are sent.

Read ``import_sheet``, then its parts: at the left ``source_pane`` with ``columns_form`` and
``sending_form``, at the right ``rows_pane`` with ``rows_model``, and ``import_foot``.
``file_fault_words``, ``row_check_words`` and ``target_words`` hold its sentences, and
``batches.draft_words`` those of its foot.
``actions.spreadsheets.imports`` carries out its requests.
"""
