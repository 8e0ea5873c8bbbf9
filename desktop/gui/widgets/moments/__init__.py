"""A day and a time: as text, typed in a line or picked, and a link that begins one."""
