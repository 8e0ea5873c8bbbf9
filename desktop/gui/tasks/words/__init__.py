"""What the table and the details say: states, reasons, causes, queues, actions in words."""
