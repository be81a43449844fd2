"""People who should have nothing any more, and what they still have."""
