-- Versions name their resource by a number. Its name and id stood in every version and in two indexes, whose pages every commit of an
-- import wrote anew; one narrow index does for both.
CREATE TABLE versioned_resource (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  project TEXT NOT NULL,
  key TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX versioned_resource_by_id ON versioned_resource (tenant, id);
CREATE INDEX versioned_resource_by_name ON versioned_resource (tenant, kind, project, key);

INSERT INTO versioned_resource (tenant, id, kind, project, key)
SELECT tenant, resource_id, kind, project, key FROM resource_version
GROUP BY tenant, resource_id, kind, project, key ORDER BY min(id);

CREATE TABLE numbered_version (
  id INTEGER PRIMARY KEY,
  resource INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  digest BLOB
) STRICT;

INSERT INTO numbered_version (id, resource, revision, effective_at, digest)
SELECT v.id, r.number, v.revision, v.effective_at, v.digest
FROM resource_version v JOIN versioned_resource r ON r.tenant = v.tenant AND r.id = v.resource_id
ORDER BY v.id;

DROP TABLE resource_version;
ALTER TABLE numbered_version RENAME TO resource_version;
CREATE UNIQUE INDEX resource_version_by_resource ON resource_version (resource, revision, effective_at);

CREATE TRIGGER resource_version_is_not_updated BEFORE UPDATE ON resource_version
BEGIN SELECT RAISE(ABORT, 'The history is append-only: a version cannot be changed.'); END;
CREATE TRIGGER resource_version_is_not_deleted BEFORE DELETE ON resource_version
BEGIN SELECT RAISE(ABORT, 'The history is append-only: a version cannot be deleted.'); END;
CREATE TRIGGER versioned_resource_is_not_updated BEFORE UPDATE ON versioned_resource
BEGIN SELECT RAISE(ABORT, 'The history is append-only: what its versions are of cannot be changed.'); END;
CREATE TRIGGER versioned_resource_is_not_deleted BEFORE DELETE ON versioned_resource
BEGIN SELECT RAISE(ABORT, 'The history is append-only: what its versions are of cannot be removed.'); END;
