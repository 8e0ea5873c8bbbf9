"""The item form.

Read ``item_kind`` (the description of a kind of item) and ``item_form``, which is built from it;
then its fields: ``number_field``, ``form_fields``, ``message_choice``, ``afterwards``. ``preview``
shows the message, ``pasted`` spreads pasted cells, ``same_item`` warns of an item that exists
already.
"""
