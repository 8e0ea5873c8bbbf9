"""How everything looks: tokens, style sheet, icons, motion; nothing else names a colour."""
