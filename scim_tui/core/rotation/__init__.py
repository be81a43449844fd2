"""An access token replaced without a gap, with a journal on disk."""
