-- Approvals: what was submitted, what happened to it, who signed what; the policy; and which version is in which slot.

-- The policy in force is the last one. None: the default that ships.
CREATE TABLE policy_version (
  id         INTEGER PRIMARY KEY,
  digest     TEXT NOT NULL,
  document   TEXT NOT NULL,
  actor      TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE approval (
  id              TEXT NOT NULL PRIMARY KEY,
  version_id      TEXT NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
  tier            TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('submitted', 'review', 'testing', 'approved', 'rejected', 'deployed')),
  closed          TEXT CHECK (closed IN ('withdrawn', 'expired', 'voided', 'revoked')),
  submitter       TEXT NOT NULL,
  message         TEXT NOT NULL DEFAULT '',
  -- The manifest is a blob with this name, so it cannot be another one.
  manifest_digest TEXT NOT NULL,
  policy_digest   TEXT NOT NULL,
  submitted_at    TEXT NOT NULL,
  due_at          TEXT NOT NULL,
  approved_at     TEXT,
  updated_at      TEXT NOT NULL
);
CREATE INDEX approval_version ON approval (version_id);
CREATE INDEX approval_submitted ON approval (submitted_at, id);
-- At most one that still waits or holds.
CREATE UNIQUE INDEX approval_open ON approval (version_id) WHERE closed IS NULL AND state <> 'rejected';

-- Everything that happened to an approval, comments included.
CREATE TABLE approval_event (
  id          INTEGER PRIMARY KEY,
  approval_id TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL,
  from_state  TEXT,
  to_state    TEXT,
  actor       TEXT NOT NULL,
  text        TEXT NOT NULL DEFAULT '',
  item        TEXT,
  created_at  TEXT NOT NULL
);
CREATE INDEX approval_event_approval ON approval_event (approval_id, id);
CREATE TRIGGER approval_event_unchanged BEFORE UPDATE ON approval_event
BEGIN SELECT RAISE(ABORT, 'events are only added'); END;

-- Signed decisions: the envelope is what counts, the columns are read from it.
CREATE TABLE approval_decision (
  id          TEXT NOT NULL PRIMARY KEY,
  approval_id TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE,
  person      TEXT NOT NULL,
  role        TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  decision    TEXT NOT NULL CHECK (decision IN ('approved', 'rejected')),
  reason      TEXT NOT NULL,
  envelope    TEXT NOT NULL,
  -- How it came: signed here, or in a reply from elsewhere.
  origin      TEXT NOT NULL CHECK (origin IN ('here', 'reply')),
  decided_at  TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  UNIQUE (approval_id, person)
);
CREATE TRIGGER approval_decision_unchanged BEFORE UPDATE ON approval_decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;

-- What was in a slot from when to when. The one without an end is there now.
CREATE TABLE deployment (
  id          INTEGER PRIMARY KEY,
  model_id    TEXT NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
  slot        TEXT NOT NULL,
  version_id  TEXT NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
  approval_id TEXT REFERENCES approval (id),
  kind        TEXT NOT NULL CHECK (kind IN ('deploy', 'rollback')),
  actor       TEXT NOT NULL,
  started_at  TEXT NOT NULL,
  ended_at    TEXT
);
CREATE INDEX deployment_version ON deployment (version_id);
CREATE UNIQUE INDEX deployment_current ON deployment (model_id, slot) WHERE ended_at IS NULL;
