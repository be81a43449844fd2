"""Files of people and groups, as they are exported, read row by row."""
