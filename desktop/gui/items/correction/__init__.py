"""The correction of items: their recipient, title, fields, and send time.

Read ``correction_sheet``, then its ``correction_form``, and ``corrections``, which saves it.
``asking_sheet`` holds the sheets that ask for an address or a time, ``task_questions`` what they
are asked for.
"""
