"""Several directories beside one another."""
