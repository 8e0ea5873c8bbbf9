"""The template editor.

Read ``field_chips`` and ``field_source``, ``field_text``, ``template_form``, then the sheet.
"""
