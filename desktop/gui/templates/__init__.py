"""The place *Letters*: the list, and the letter, which is written on its paper.

Read ``letters_place`` and its ``template_form``, then the parts of that: ``field_text`` with
``letter_lines``, ``field_chips`` and ``field_offer``, ``letter_tools``, ``attachments``,
``letterhead_form`` and ``letterhead_paper``, ``template_name`` and ``letter_reader``. ``editing``
opens the place, and ``older_messages`` offers the new text to planned e-mails; ``edited_template``
fills the place, uploads its files and saves.
"""
