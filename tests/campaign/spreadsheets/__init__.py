"""The campaign of a spreadsheet on its way."""
