"""Ids of schemas, which are the names of extensions in a resource (RFC 7643 3.3)."""


def is_schema_id(name: str) -> bool:
    """Whether an attribute is an extension, which is named by its schema."""
    return name[:4].lower() == "urn:"


def name_of_schema(schema_id: str) -> str:
    """A name for people from the id of a schema: "Enterprise User" for the one of RFC 7643 4.3."""
    parts = [part for part in schema_id.split(":") if part]
    if not is_schema_id(schema_id) or "extension" not in parts:
        return schema_id
    words = [part for part in parts[parts.index("extension") + 1 :] if not _is_version(part)]
    return " ".join(word[:1].upper() + word[1:] for word in words) or schema_id


def _is_version(part: str) -> bool:
    return part.replace(".", "").isdigit()
