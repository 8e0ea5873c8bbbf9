"""The item form.

Read ``item_kind`` (what a kind of item asks for) and ``item_form``, which is made from it; then its
fields: ``number_field``, ``form_fields``, ``message_choice``, ``afterwards``. ``preview`` shows the
message, ``pasted`` takes copied cells, ``same_item`` tells of an item that is there already.
"""
