"""The template editor.

Read ``template_sheet`` and its ``template_form``, then the parts of that: ``field_text`` with
``letter_lines``, ``field_chips`` and ``field_offer``, ``letter_tools``, ``attachments``,
``letterhead_form``, ``template_name`` and ``template_preview``. ``editing`` opens the editor, and
offers to send the messages that a saved template has fixed; ``edited_template`` fills it, uploads
its files and saves.
"""
