"""What a person does to tasks and queues, and where their links lead."""
