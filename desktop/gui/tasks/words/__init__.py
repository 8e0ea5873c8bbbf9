"""What things are called in the window: states, reasons, causes, queues and verbs in words."""
