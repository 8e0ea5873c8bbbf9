"""The import sheet: a spreadsheet's columns, its rows as they are checked, and how they are sent.

Reading order: ``import_sheet`` is the whole; at its left ``columns_form`` and ``sending_form``, at
its right ``rows_pane`` with ``rows_model``, below ``import_foot``. ``file_fault_words``
and ``row_check_words`` are its words. What is asked for is carried out by
``actions.spreadsheets.imports``.
"""
