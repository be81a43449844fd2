"""The admin API, documented by OpenAPI."""
