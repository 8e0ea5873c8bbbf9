"""Items: the form that makes them, their list, and their correction.

Read ``item_words`` and ``item_table`` (the list), ``item_card`` (what is selected) and
``item_view``, which also exports it. ``form`` makes an item. ``corrections`` changes some, one by
one, with ``correction_form``; ``task_questions`` asks for an address or a time. ``room`` joins
them, and keeps the list current.
"""
