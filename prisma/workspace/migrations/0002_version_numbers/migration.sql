-- The highest number that a model's versions ever had: a version that was given up for good does not leave its number
-- to another one, since references and decisions name versions by number.
ALTER TABLE registered_model ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
UPDATE registered_model
  SET last_version = (SELECT coalesce(max(version), 0) FROM model_version WHERE model_version.model_id = registered_model.id);
