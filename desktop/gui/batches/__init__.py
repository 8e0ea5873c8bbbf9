"""The view of batches: the rows of a spreadsheet that are sent together.

Read ``batch_waits``, ``batch_times`` and ``batch_rest`` (texts for why a batch waits, when it
sends, and which rows were not sent or are in later batches).
``batch_words``, ``batch_soon`` and ``batch_look`` combine them, ``draft_words`` are those of a
draft, and ``batch_pace`` measures the speed. ``batch_model``, ``batch_card``, ``cause_lines``,
``several_batches`` and ``batch_view`` show them.
"""
