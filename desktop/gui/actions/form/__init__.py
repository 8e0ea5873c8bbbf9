"""Behind the form: ``form_items`` keeps what is typed, ``submissions`` sends it.

``undo_offers`` are the toasts that take it back, ``items_aside`` what does not fit into the form.
"""
