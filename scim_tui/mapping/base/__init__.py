"""Size limits, errors, and names in comparable form."""
