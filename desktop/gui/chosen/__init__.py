"""The selected tasks: their states, and the buttons for them.

``action_buttons`` are the buttons, and ``looking_ahead`` asks the backend what they would do.
``selected_tasks`` counts several tasks by state.
"""
