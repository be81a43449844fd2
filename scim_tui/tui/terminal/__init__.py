"""The terminal: bytes written to it, keys read from it, the clipboard, and signals."""
