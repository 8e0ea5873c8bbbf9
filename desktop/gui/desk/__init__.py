"""What a person's actions do: the widgets' signals meet the jobs that carry them out."""
