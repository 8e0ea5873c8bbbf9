"""What sheets have beside their fields: two halves, a question, and typing that is kept."""
