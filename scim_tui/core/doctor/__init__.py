"""What would work here, what would not, and what to do about it."""
