"""The look of the window: tokens, style sheet, icons, motion; no other code names a colour."""
