"""What a person does with templates: edits kept and saved, and messages that waited for one."""
