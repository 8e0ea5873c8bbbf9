"""Behind the template editor.

``editing`` opens the editor, and offers what helps messages that a saved template has fixed or
broken. ``edited_template`` fills the editor, uploads its files and saves.
"""
