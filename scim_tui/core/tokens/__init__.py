"""Access tokens, what is known of their expiry, and provisioning itself."""
