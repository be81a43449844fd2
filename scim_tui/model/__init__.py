"""Words and rules of provisioning: frozen values, no input or output."""
