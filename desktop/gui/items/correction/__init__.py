"""The correction of items: their recipient, title, fields, and send time.

Read ``correction_sheet``, then its ``correction_form``, and ``corrections``, which saves it.
``task_questions`` asks for an address or a time.
"""
