"""`scim-tui watch`: looks at profiles at its own pace and reports changes."""
