"""The view of items: whether the recipient of each was informed.

Read ``item_words`` and ``deed_words`` (texts), ``item_model``, ``item_table`` and
``item_selection`` (the list), ``item_facts``, ``item_card`` and ``several_items`` (what is
selected), ``informed_chips`` and ``rows_not_sent`` (around the list), ``item_view``, and
``item_exported`` (the spreadsheet).
"""
