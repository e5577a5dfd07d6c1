-- People of this workspace. The owner has a row from the first need of a key on.
CREATE TABLE identity (
  id             TEXT NOT NULL PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  role           TEXT NOT NULL CHECK (role IN ('viewer', 'engineer', 'reviewer', 'approver', 'admin', 'superadmin')),
  is_owner       INTEGER NOT NULL DEFAULT 0 CHECK (is_owner IN (0, 1)),
  created_at     TEXT NOT NULL,
  revoked_at     TEXT,
  revoked_reason TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE UNIQUE INDEX identity_owner ON identity (is_owner) WHERE is_owner = 1;

-- Keys of people: the newest that is not revoked signs, the others still verify what was signed before.
CREATE TABLE identity_key (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  identity_id TEXT NOT NULL REFERENCES identity (id),
  public_key  TEXT NOT NULL,
  store       TEXT NOT NULL CHECK (store IN ('keychain', 'passphrase')),
  -- The private half, encrypted under a passphrase; null where the system's keychain has it.
  sealed      TEXT,
  created_at  TEXT NOT NULL,
  revoked_at  TEXT,
  CHECK ((store = 'passphrase') = (sealed IS NOT NULL))
) WITHOUT ROWID;
CREATE INDEX identity_key_identity ON identity_key (identity_id, created_at);

-- The key that signs checkpoints of the audit log (Ed25519).
CREATE TABLE audit_key (
  fingerprint TEXT NOT NULL PRIMARY KEY,
  public_key  TEXT NOT NULL,
  store       TEXT NOT NULL CHECK (store IN ('keychain', 'passphrase')),
  sealed      TEXT,
  created_at  TEXT NOT NULL,
  CHECK ((store = 'passphrase') = (sealed IS NOT NULL))
) WITHOUT ROWID;

-- The log. `entry` is canonical JSON and holds the hash of the entry before it; the other columns repeat it for lists.
CREATE TABLE audit_event (
  sequence INTEGER PRIMARY KEY,
  time     TEXT NOT NULL,
  action   TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  entry    TEXT NOT NULL,
  hash     TEXT NOT NULL
);
CREATE INDEX audit_event_action ON audit_event (action, sequence);
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
-- INSERT OR REPLACE would delete without asking the trigger above.
CREATE TRIGGER audit_event_in_order BEFORE INSERT ON audit_event
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM audit_event)
BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;

-- What commitments in the log stand for. Rows may be erased; the log stays whole.
CREATE TABLE audit_disclosure (
  sequence INTEGER NOT NULL,
  field    TEXT NOT NULL,
  person   TEXT NOT NULL,
  salt     TEXT NOT NULL,
  value    TEXT NOT NULL,
  PRIMARY KEY (sequence, field)
) WITHOUT ROWID;
CREATE INDEX audit_disclosure_person ON audit_disclosure (person);

-- Signed notes on the log's size and head.
CREATE TABLE audit_checkpoint (
  size       INTEGER PRIMARY KEY,
  hash       TEXT NOT NULL,
  note       TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE TRIGGER audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are only added'); END;
CREATE TRIGGER audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are only added'); END;
CREATE TRIGGER audit_checkpoint_in_order BEFORE INSERT ON audit_checkpoint
WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM audit_checkpoint)
BEGIN SELECT raise(ABORT, 'checkpoints are only added'); END;

-- Checkpoints of other workspaces that this one has seen, and keeps as their witness.
CREATE TABLE audit_witness (
  origin      TEXT NOT NULL,
  size        INTEGER NOT NULL,
  hash        TEXT NOT NULL,
  note        TEXT NOT NULL,
  public_key  TEXT NOT NULL,
  received_at TEXT NOT NULL,
  PRIMARY KEY (origin, size)
) WITHOUT ROWID;
