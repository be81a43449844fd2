"""Identity providers: where a new secret is installed, and what shows that it is used."""
