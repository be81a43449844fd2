"""Imports mappings as Entra ID and Okta export them."""
