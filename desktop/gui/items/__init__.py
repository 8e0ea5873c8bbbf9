"""Items: the form that makes them, their list, and their correction.

Read ``item_words``, ``item_model`` and ``item_table`` (the list), ``item_card`` (what is
selected), ``item_view``, and ``exported_items`` (the spreadsheet). ``form`` makes an item,
``correction`` changes some; ``room`` joins them, and keeps the list current.
"""
