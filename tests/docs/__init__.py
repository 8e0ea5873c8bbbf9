"""The pages as people use them: ``shown`` reads them, ``sessions`` types what they show."""
