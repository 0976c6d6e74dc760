-- Times are microseconds since 1970-01-01T00:00:00Z; digests are 32 bytes; kinds are wire names.
-- position = tenant's number × 2^36 + index of the entry in the tenant's log, so that the log is one append-only b-tree.

CREATE TABLE tenant (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE resource (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  kind TEXT NOT NULL,
  project TEXT NOT NULL,
  key TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  document BLOB NOT NULL,
  sealed BLOB
) STRICT;
CREATE UNIQUE INDEX resource_by_name ON resource (tenant, kind, project, key);

CREATE TABLE fence (
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE answer (
  tenant INTEGER NOT NULL,
  credential TEXT NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,
  outcome TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  root BLOB NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (tenant, credential, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_expiry ON answer (tenant, expires_at);

CREATE TABLE audit_head (
  tenant INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  size INTEGER NOT NULL,
  frontier BLOB NOT NULL,
  root BLOB NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_entry (
  position INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  at INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  leaf BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_entry_by_id ON audit_entry (tenant, id);

-- Apart from the leaves, so that proofs and counts read 45 bytes an entry.
CREATE TABLE audit_leaf_hash (
  position INTEGER PRIMARY KEY,
  hash BLOB NOT NULL
) STRICT;

-- What entries are found by: an inverted index of (facet, value), one small row for each value of each entry.
CREATE TABLE audit_term (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  facet TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (tenant, facet, value)
) STRICT;

CREATE TABLE audit_posting (
  term INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (term, position)
) STRICT, WITHOUT ROWID;

-- id = position of the entry × 2^8 + place in the entry, so that versions are in log order.
CREATE TABLE resource_version (
  id INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  resource_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  project TEXT NOT NULL,
  key TEXT NOT NULL,
  effective_at INTEGER NOT NULL,
  digest BLOB
) STRICT;
CREATE INDEX resource_version_by_name ON resource_version (tenant, kind, project, key, id, effective_at);
CREATE UNIQUE INDEX resource_version_by_id ON resource_version (tenant, resource_id, revision);

CREATE TABLE blob (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  digest BLOB NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX blob_by_digest ON blob (tenant, digest);

CREATE TABLE entry_private (
  position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  pointer TEXT NOT NULL,
  commitment TEXT NOT NULL,
  key BLOB NOT NULL,
  value TEXT NOT NULL,
  subject TEXT,
  PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_private (
  tenant INTEGER NOT NULL,
  commitment TEXT NOT NULL,
  pointer TEXT NOT NULL,
  key BLOB NOT NULL,
  value TEXT NOT NULL,
  subject TEXT,
  PRIMARY KEY (tenant, commitment)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  sid TEXT NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX subject_by_sid ON subject (tenant, sid);

-- Against mistakes; against the owner of the file stands the signed checkpoint.
CREATE TRIGGER audit_entry_is_not_updated BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: an entry cannot be changed.'); END;
CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: an entry cannot be deleted.'); END;
-- INSERT OR REPLACE would pass by the trigger on DELETE.
CREATE TRIGGER audit_entry_is_not_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: an entry cannot be replaced.'); END;
CREATE TRIGGER audit_leaf_hash_is_not_updated BEFORE UPDATE ON audit_leaf_hash
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: a leaf hash cannot be changed.'); END;
CREATE TRIGGER audit_leaf_hash_is_not_deleted BEFORE DELETE ON audit_leaf_hash
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: a leaf hash cannot be deleted.'); END;
CREATE TRIGGER resource_version_is_not_updated BEFORE UPDATE ON resource_version
BEGIN SELECT RAISE(ABORT, 'The history is append-only: a version cannot be changed.'); END;
CREATE TRIGGER resource_version_is_not_deleted BEFORE DELETE ON resource_version
BEGIN SELECT RAISE(ABORT, 'The history is append-only: a version cannot be deleted.'); END;
