"""The engine as a program uses it: ``engine`` puts together what the others tell apart."""
