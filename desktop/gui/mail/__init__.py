"""The mail settings: their sheet, and what is saved and tried there.

Read ``mail_form`` and ``mail_settings``, then ``room``, which lets the window follow them.
"""
