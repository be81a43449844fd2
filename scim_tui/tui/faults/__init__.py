"""A fault of the program itself: caught once, written to a file, and lived through."""
