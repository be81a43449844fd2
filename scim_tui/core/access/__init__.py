"""Who can do what in which AWS account, through what."""
