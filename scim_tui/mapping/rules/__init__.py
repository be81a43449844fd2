"""The rules of a mapping: expressions, target attributes, compilation."""
