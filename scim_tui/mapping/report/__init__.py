"""The report of a check, as rows and as one HTML page."""
