"""Identity providers: where a new secret is installed, and what proves that it is used."""
