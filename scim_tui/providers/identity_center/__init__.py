"""AWS IAM Identity Center: its SCIM endpoint, and what the APIs of AWS tell beside it."""
