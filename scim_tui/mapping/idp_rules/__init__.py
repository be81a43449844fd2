"""Mappings of Entra ID and Okta as those export them."""
