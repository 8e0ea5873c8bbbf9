"""The template editor; read ``field_chips``, ``field_text``, ``template_form``, then the sheet."""
