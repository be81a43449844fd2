"""The fields of users and groups that the directory lists, each with its column."""

from scim_tui.tui.widgets.table import Column

Fields = tuple[tuple[str, Column], ...]
USERS: Fields = (
    ("user_name", Column("USER NAME", 18, 3)),
    ("display_name", Column("DISPLAY NAME", 14, 2)),
    ("active", Column("ACTIVE", 7)),
    ("email", Column("EMAIL", 22, 1, rank=2)),
    ("external_id", Column("EXTERNAL ID", 14, rank=3)),
    ("created", Column("CREATED", 8, rank=4)),
    ("changed", Column("CHANGED", 8, rank=1)),
)
GROUPS: Fields = (
    ("display_name", Column("NAME", 24, 3)),
    ("external_id", Column("EXTERNAL ID", 14, 1, rank=3)),
    ("created", Column("CREATED", 8, rank=2)),
    ("changed", Column("CHANGED", 8, rank=1)),
)
