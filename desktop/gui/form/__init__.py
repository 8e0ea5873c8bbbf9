"""The item form.

Read ``item_kind`` (the description of a kind of item) and ``item_form``, which is built from it;
then its ``form_fields``. ``preview`` shows the message, ``pasted`` spreads pasted cells.
"""
