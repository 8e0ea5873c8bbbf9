"""The correction of items: their recipient, title, fields, and send time.

Read ``correction_sheet``, then its ``correction_form``. ``asking_sheet`` holds the sheets that ask
for an address or a time.
"""
