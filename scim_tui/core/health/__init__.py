"""Whether provisioning works, as signals with their evidence."""
