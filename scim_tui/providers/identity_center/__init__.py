"""AWS IAM Identity Center: its SCIM endpoint, and the AWS APIs that add to it."""
