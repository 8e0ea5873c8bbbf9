"""The overview, drawn: ``place`` makes it; ``overview_view`` has cards, curves, queues, tasks."""
