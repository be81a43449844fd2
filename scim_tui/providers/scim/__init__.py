"""Any SCIM 2.0 server as a provider, by discovery."""
