-- Every state that a version's card was in, each a blob. The newest is also the version's evidence of kind `card`.
CREATE TABLE model_card (
  version_id TEXT NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
  revision   INTEGER NOT NULL CHECK (revision > 0),
  digest     TEXT NOT NULL,
  author     TEXT NOT NULL,
  what       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (version_id, revision)
) WITHOUT ROWID;

-- A card is edited by adding to it; what it said before stays to be read.
CREATE TRIGGER model_card_keeps BEFORE UPDATE ON model_card
BEGIN
  SELECT RAISE(ABORT, 'a revision of a card is never changed');
END;
