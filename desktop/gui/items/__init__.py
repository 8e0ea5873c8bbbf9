"""Items, each with its tasks and whether its person was told: words, model, card, chips, view."""
