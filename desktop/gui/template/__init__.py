"""The template editor; read ``fields``, ``field_text``, ``template_form``, then the sheet."""
