"""The values and rules of provisioning: immutable, without input or output."""
