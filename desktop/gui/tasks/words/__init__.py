"""What is called what in the window: states, reasons, causes and queues in words."""
