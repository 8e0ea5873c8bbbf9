"""The correction of items: an address, a name, a title or a field, and when it goes out.

``done_words`` and ``earlier_versions`` say what was done about an item before.
"""
