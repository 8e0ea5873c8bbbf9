"""Behind the template editor.

``editing`` opens the editor, ``edited_template`` fills it and saves, with ``attaching`` for files
and ``template_calls`` for the blocking calls. ``held_messages`` offers to send messages that a
saved template has fixed, ``stuck_messages`` names those that it has broken.
"""
