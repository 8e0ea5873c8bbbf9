"""The correction of items: their recipient, title, fields, and send time.

Read ``correction_sheet`` with its ``correction_form`` and ``correction_foot``, then
``message_state``, ``send_time`` and ``input_lock``. ``done_words`` and ``earlier_versions`` say
what was done about an item before. ``asking_sheet`` holds the sheets that ask for an address or a
time.
"""
