"""Programs that nobody here wrote, in front of the stand-in of AWS or in the place of an IdP."""

from tests.aws.conftest import account, aws

__all__ = ["account", "aws"]
