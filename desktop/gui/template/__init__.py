"""The template editor.

Read ``template_sheet`` and its ``template_form``, then the parts of that: ``field_text`` with the
fields of ``insert_row``, ``attachments``, ``template_name`` and ``template_preview``.
"""
