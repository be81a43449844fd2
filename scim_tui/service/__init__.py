"""The embedded provisioning service, which behaves like IAM Identity Center."""
