"""The correction of items: their recipient, title, fields, and send time.

Read ``correction_sheet`` with its ``correction_form`` and ``correction_foot``, then
``message_state``. ``item_history`` says what was done about an item before.
``asking_sheet`` holds the sheets that ask for an address or a time.
"""
