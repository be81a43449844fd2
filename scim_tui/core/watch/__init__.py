"""Looks at directories at its own pace and reports changes of their verdicts."""
