"""Replaces an access token without a gap, with a journal on disk."""
