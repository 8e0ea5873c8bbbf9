"""The place *Import*: the rows of a spreadsheet, on the desk one of them or its columns.

Read ``import_place``, then its parts: at the left ``draft_sentence`` and ``rows_list``, on the desk
(``import_desk``) ``row_paper``, or ``columns_page`` with ``reading_form`` and ``sending_form``.
``imports`` carries out its requests, ``row_verbs`` those for single rows, with ``draft_file`` (its
file, and the rows that are read from that) and ``sending_draft`` (its settings, sending, and what
is said after it); ``row_deeds`` has what Ctrl+Z takes back, ``known_columns`` what earlier files
with the same columns became. ``room`` joins all with the window.
"""
