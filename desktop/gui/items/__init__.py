"""The view of items: whether the recipient of each was informed.

Read ``item_words``, ``item_model`` and ``item_table`` (the list), ``item_facts`` and ``item_card``
(what is selected), ``item_view``, and ``item_exported`` (the spreadsheet).
"""
