"""The tasks that are chosen, one or several: what they are, and what can be done to them.

``action_buttons`` are the buttons, and ``looking_ahead`` asks what they would do.
``selected_tasks`` counts several by their states; ``several_tasks`` has both, for lists of
something else.
"""
