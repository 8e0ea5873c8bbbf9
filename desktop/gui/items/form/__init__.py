"""The item form, and what stands behind it.

Read ``item_kind`` (the description of a kind of item) and ``item_form``, which is built from it;
then its ``form_fields``. ``preview`` shows the message, ``pasted`` spreads pasted cells.
``form_items`` keeps what is typed, ``submissions`` sends it, ``undo_offers`` take it back, and
``items_aside`` are those that do not fit into the form.
"""
