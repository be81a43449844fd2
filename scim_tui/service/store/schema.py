"""The tables of the service, and their version."""

VERSION = 5
"""Raised with every change of the tables; a newer file is refused, not guessed at."""

_OF_THE_IDP = "token_id IS NOT NULL AND ifnull(client, '') NOT GLOB 'scim-tui/*'"
_SEARCHED = """
CREATE TABLE event_names (name TEXT PRIMARY KEY, folded TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX events_by_target ON events (target) WHERE target IS NOT NULL;
CREATE INDEX events_by_operation ON events (operation);
CREATE INDEX events_by_token ON events (token_id);
CREATE INDEX events_by_client ON events (client);
CREATE INDEX events_by_rule ON events (violated, message) WHERE status >= 400;
"""
"""What a search of events goes by; `event_names` has each target once, to look for parts of it
without case."""

STEPS = {
    1: "ALTER TABLE tokens ADD COLUMN suspended_at REAL;",
    2: f"""
ALTER TABLE tokens ADD COLUMN own_used_at REAL;
ALTER TABLE events ADD COLUMN token_known INTEGER;
ALTER TABLE events ADD COLUMN address TEXT;
CREATE TABLE former_tokens (hash BLOB PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX events_own ON events (at) WHERE client GLOB 'scim-tui/*';
UPDATE meta SET value = json_set(value, '$.unauthorized_at', NULL,
    '$.request_at', (SELECT max(at) FROM events WHERE {_OF_THE_IDP}),
    '$.client', (SELECT client FROM events WHERE {_OF_THE_IDP} ORDER BY at DESC LIMIT 1))
WHERE key = 'traffic.last';
""",  # noqa: S608 - a constant of this file
    3: """
ALTER TABLE events ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
CREATE INDEX events_strangers ON events (id) WHERE token_id IS NULL AND status = 401;
""",
    4: f"""
ALTER TABLE events ADD COLUMN holder TEXT;
{_SEARCHED}
INSERT INTO event_names
    SELECT DISTINCT target, casefold(target) FROM events WHERE target IS NOT NULL;
""",  # noqa: S608 - a constant of this file
}
"""For each older version, the statements that upgrade a file to the next version.

Until version 2 the newest request of any client was stored; from version 3 on it is that of the
IdP.
"""

TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE tenants (
    tenant_id  TEXT PRIMARY KEY,
    enabled_at REAL NOT NULL,
    disabled_at REAL
) WITHOUT ROWID;

CREATE TABLE tokens (
    id           TEXT PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenants,
    hash         BLOB NOT NULL UNIQUE,
    created_at   REAL NOT NULL,
    expires_at   REAL NOT NULL,
    last_used_at REAL,
    requests     INTEGER NOT NULL DEFAULT 0,
    last_client  TEXT,
    suspended_at REAL,
    own_used_at  REAL
) WITHOUT ROWID;

CREATE TABLE former_tokens (hash BLOB PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE users (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    user_name   TEXT NOT NULL UNIQUE,
    external_id TEXT UNIQUE,
    email       TEXT UNIQUE,
    manager     TEXT,
    active      INTEGER NOT NULL,
    body        BLOB NOT NULL
);

CREATE TABLE groups (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL UNIQUE,
    external_id  TEXT UNIQUE,
    body         BLOB NOT NULL
);

CREATE TABLE memberships (
    group_seq INTEGER NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_seq  INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (group_seq, user_seq)
) WITHOUT ROWID;
CREATE INDEX memberships_by_user ON memberships (user_seq, group_seq);

CREATE TABLE events (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    at            REAL NOT NULL,
    operation     TEXT NOT NULL,
    status        INTEGER NOT NULL,
    target        TEXT,
    resource_id   TEXT,
    token_id      TEXT,
    client        TEXT,
    violated      TEXT NOT NULL DEFAULT '',
    message       TEXT NOT NULL DEFAULT '',
    request_id    TEXT NOT NULL DEFAULT '',
    duration_ms   REAL,
    token_known   INTEGER,
    address       TEXT,
    times         INTEGER NOT NULL DEFAULT 1,
    holder        TEXT
);
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_refused ON events (id) WHERE status >= 400;
CREATE INDEX events_own ON events (at) WHERE client GLOB 'scim-tui/*';
CREATE INDEX events_strangers ON events (id) WHERE token_id IS NULL AND status = 401;
{_SEARCHED}
CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('users', 0), ('active_users', 0), ('groups', 0), ('memberships', 0);

CREATE TRIGGER users_in AFTER INSERT ON users BEGIN
    UPDATE counts SET n = n + 1 WHERE name = 'users';
    UPDATE counts SET n = n + new.active WHERE name = 'active_users';
END;
CREATE TRIGGER users_out AFTER DELETE ON users BEGIN
    UPDATE counts SET n = n - 1 WHERE name = 'users';
    UPDATE counts SET n = n - old.active WHERE name = 'active_users';
END;
CREATE TRIGGER users_active AFTER UPDATE OF active ON users WHEN old.active != new.active BEGIN
    UPDATE counts SET n = n + new.active - old.active WHERE name = 'active_users';
END;
CREATE TRIGGER groups_in AFTER INSERT ON groups BEGIN
    UPDATE counts SET n = n + 1 WHERE name = 'groups';
END;
CREATE TRIGGER groups_out AFTER DELETE ON groups BEGIN
    UPDATE counts SET n = n - 1 WHERE name = 'groups';
END;
CREATE TRIGGER memberships_in AFTER INSERT ON memberships BEGIN
    UPDATE counts SET n = n + 1 WHERE name = 'memberships';
END;
CREATE TRIGGER memberships_out AFTER DELETE ON memberships BEGIN
    UPDATE counts SET n = n - 1 WHERE name = 'memberships';
END;
"""  # noqa: S608 - a constant of this file
