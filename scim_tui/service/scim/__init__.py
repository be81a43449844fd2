"""SCIM 2.0 as Identity Center implements it."""
