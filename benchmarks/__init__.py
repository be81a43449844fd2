"""Tables of ratios: what scim-tui costs beside its peers and beside the floor, in one run."""
