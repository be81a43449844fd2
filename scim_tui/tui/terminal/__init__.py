"""The way to the terminal: bytes out, keys in, clipboard, signals."""
