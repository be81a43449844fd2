"""Rules of a mapping: their language, their targets, their compilation."""
