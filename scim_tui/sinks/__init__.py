"""Where messages of the watch go."""
