"""The item form, and what stands behind it.

Read ``item_fields`` (the description of a kind of item, and what pasted text becomes in it) and
``item_form``, which is built from it; then its ``form_parts``. ``preview`` shows the message.
``submissions`` keeps what is typed, sets items aside, sends them and takes them back.
"""
