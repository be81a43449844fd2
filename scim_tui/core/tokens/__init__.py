"""Access tokens, what is known of their ends, and provisioning itself."""
