-- Times are milliseconds since 1970, UTC. Each table is clustered by what it is asked for most.

CREATE TABLE users (
    id                  TEXT    NOT NULL PRIMARY KEY,
    email               TEXT    UNIQUE, -- NULL where not given: NULLs are never equal
    username            TEXT    UNIQUE, -- as for email
    fullname            TEXT    NOT NULL,
    password_hash       TEXT    NOT NULL,
    avatar              TEXT    NOT NULL,
    cover_image         TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    credentials_version INTEGER NOT NULL,
    credentials_session TEXT    NOT NULL,
    version             INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    user_id             TEXT    NOT NULL,
    id                  TEXT    NOT NULL,
    generation          INTEGER NOT NULL,
    seed                BLOB    NOT NULL,
    created_at          INTEGER NOT NULL,
    rotated_at          INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL,
    user_agent          TEXT    NOT NULL,
    ip                  TEXT    NOT NULL,
    credentials_version INTEGER NOT NULL,
    ended_at            INTEGER, -- NULL while the session lives
    end_reason          TEXT    NOT NULL,
    version             INTEGER NOT NULL,
    kept_until          INTEGER NOT NULL, -- from then on the row counts as absent, and is swept
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_kept_until ON sessions (kept_until);
