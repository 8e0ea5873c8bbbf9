"""The overview, drawn: ``overview_view`` is the whole, made of cards, a curve, queues and tasks."""
