"""The item form, and what stands behind it.

Read ``item_kind`` (the description of a kind of item) and ``item_form``, which is built from it;
then its ``form_fields``. ``preview`` shows the message, ``pasted`` spreads pasted cells.
``form_items`` keeps what is typed and sets items aside, ``submissions`` sends it, ``undo_offers``
take it back.
"""
