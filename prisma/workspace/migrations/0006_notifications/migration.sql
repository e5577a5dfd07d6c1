-- What people are told, what may leave the machine and where to, what waits to leave, and what has left.

-- Who started a job hears of its end. Null: before this was kept, or nobody asked.
ALTER TABLE job ADD COLUMN actor TEXT;

CREATE TABLE notification (
  id         INTEGER PRIMARY KEY,
  -- The name of a person.
  recipient  TEXT NOT NULL,
  -- Who caused it; `maestro` where nobody did.
  actor      TEXT NOT NULL,
  kind       TEXT NOT NULL,
  title      TEXT NOT NULL,
  text       TEXT NOT NULL DEFAULT '',
  -- The page in the window: /approvals/ID.
  href       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  read_at    TEXT
);
CREATE INDEX notification_recipient ON notification (recipient, id);
CREATE INDEX notification_unread ON notification (recipient) WHERE read_at IS NULL;

-- Who is erased is not spoken of, nor spoken to, any more.
CREATE TRIGGER notification_forgets AFTER UPDATE OF name ON identity WHEN OLD.name <> NEW.name
BEGIN
  DELETE FROM notification WHERE recipient = OLD.name OR actor = OLD.name;
  DELETE FROM outbox_message WHERE actor = OLD.name;
END;

-- Hosts that a connection may be opened to. Nothing else is ever connected to.
CREATE TABLE egress_host (
  host            TEXT NOT NULL,
  port            INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  -- Whether the name may lead to an address of the own network or machine.
  private_allowed INTEGER NOT NULL CHECK (private_allowed IN (0, 1)),
  actor           TEXT NOT NULL,
  created_at      TEXT NOT NULL,
  PRIMARY KEY (host, port)
);

CREATE TABLE egress_destination (
  id         TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL CHECK (kind IN ('email', 'slack', 'webhook')),
  enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  host       TEXT NOT NULL,
  port       INTEGER NOT NULL,
  -- Everything that is no secret, as JSON.
  options    TEXT NOT NULL,
  -- Where the password, signing key or secret address is; null where there is none.
  store      TEXT CHECK (store IN ('keychain', 'passphrase')),
  -- Encrypted under a passphrase; never in clear.
  sealed     TEXT,
  actor      TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

-- Written with the event that it is about; delivered afterwards, at least once.
CREATE TABLE outbox_message (
  -- What the receiver knows a repeated delivery by.
  id             TEXT NOT NULL PRIMARY KEY,
  destination_id TEXT NOT NULL REFERENCES egress_destination (id) ON DELETE CASCADE,
  kind           TEXT NOT NULL,
  actor          TEXT NOT NULL,
  title          TEXT NOT NULL,
  text           TEXT NOT NULL,
  href           TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
  attempts       INTEGER NOT NULL DEFAULT 0,
  next_at        TEXT NOT NULL,
  error          TEXT NOT NULL DEFAULT '',
  created_at     TEXT NOT NULL,
  ended_at       TEXT
);
CREATE INDEX outbox_message_due ON outbox_message (next_at) WHERE state = 'waiting';
CREATE INDEX outbox_message_destination ON outbox_message (destination_id, state);

-- Every connection that was opened, or refused. What it says of a message is its kind and number, not its words.
CREATE TABLE egress_log (
  id          INTEGER PRIMARY KEY,
  time        TEXT NOT NULL,
  destination TEXT NOT NULL,
  host        TEXT NOT NULL,
  port        INTEGER NOT NULL,
  address     TEXT NOT NULL,
  kind        TEXT NOT NULL,
  message_id  TEXT NOT NULL,
  -- Written to the network, encryption included.
  bytes       INTEGER NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('sent', 'failed', 'refused')),
  detail      TEXT NOT NULL DEFAULT ''
);
CREATE TRIGGER egress_log_unchanged BEFORE UPDATE ON egress_log
BEGIN SELECT RAISE(ABORT, 'what has left is only added to'); END;
CREATE TRIGGER egress_log_kept BEFORE DELETE ON egress_log
BEGIN SELECT RAISE(ABORT, 'what has left is kept'); END;
