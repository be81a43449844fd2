"""scim-tui: watch and operate SCIM provisioning from a terminal."""

__version__ = "0.1.0"
