"""Items: the form that makes them, their list, and their correction.

Read ``item_words`` and ``item_table`` (the list), ``item_card`` (what is selected) and
``older_items``, which also exports it. ``form`` makes an item. ``correction_head`` changes one
where its letter is shown, with the fields of ``correction_form``; ``typed_corrections`` keeps what
is typed there, and ``corrections`` has it saved. ``task_questions`` asks for an address or a time.
``room`` joins them, and keeps the list current.
"""
