-- All of one installation is in one schema, which is the search path while this runs. Digests are 32 bytes; kinds are wire names; idx
-- is the index of an entry in its tenant's log. Texts are ordered by their bytes and cannot hold U+0000, which is written as U+0001
-- U+0001 (Native/Texts.cs). Every write of what belongs to a log happens under the lock of its row in audit_head.

CREATE TABLE tenant (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE
);

-- One row a tenant, of size 0 until its log has an entry. minimum = the first entry that was not purged. Room in each page keeps the
-- row where it is, however often it is replaced.
CREATE TABLE audit_head (
  tenant integer PRIMARY KEY,
  origin text COLLATE "C" NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  root bytea NOT NULL,
  last_at timestamptz NOT NULL,
  minimum bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);

CREATE TABLE resource (
  tenant integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  project text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  revision bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  document bytea NOT NULL,
  sealed bytea,
  PRIMARY KEY (tenant, kind, project, key)
) WITH (fillfactor = 70);

CREATE TABLE fence (
  tenant integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (tenant, name)
) WITH (fillfactor = 50);

CREATE TABLE answer (
  tenant integer NOT NULL,
  credential text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  request bytea NOT NULL,
  outcome text COLLATE "C" NOT NULL,
  expires_at timestamptz NOT NULL,
  idx bigint NOT NULL,
  root bytea NOT NULL,
  at timestamptz NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (tenant, credential, key)
);
CREATE INDEX answer_by_expiry ON answer (tenant, expires_at);

-- A partition for each tenant and 4,194,304 (2^22) entries; whoever writes the first entry of one adds it (add_entry_partition).
CREATE TABLE audit_entry (
  tenant integer NOT NULL,
  idx bigint NOT NULL,
  at timestamptz NOT NULL,
  effective_at timestamptz NOT NULL,
  leaf bytea NOT NULL,
  PRIMARY KEY (tenant, idx)
) PARTITION BY RANGE (tenant, idx);

-- Apart from the leaves: proofs read few bytes an entry, and hashes and ids outlive what is purged.
CREATE TABLE audit_leaf_hash (
  tenant integer NOT NULL,
  idx bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant, idx)
);
CREATE UNIQUE INDEX audit_leaf_hash_by_id ON audit_leaf_hash (tenant, id);

-- place = of the resource among those that the entry changed.
CREATE TABLE resource_version (
  tenant integer NOT NULL,
  idx bigint NOT NULL,
  place integer NOT NULL,
  resource_id text COLLATE "C" NOT NULL,
  revision bigint NOT NULL,
  kind text COLLATE "C" NOT NULL,
  project text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  effective_at timestamptz NOT NULL,
  digest bytea,
  PRIMARY KEY (tenant, idx, place)
);
CREATE INDEX resource_version_by_name ON resource_version (tenant, kind, project, key, idx, place);
CREATE UNIQUE INDEX resource_version_by_id ON resource_version (tenant, resource_id, revision);

-- What the newest entries are found by, until a whole block of 2,048 (first = a multiple of it) is folded. A term is the first 16
-- bytes of the SHA-256 of a facet and a value. content and reason = the folded words.
CREATE TABLE audit_recent (
  tenant integer NOT NULL,
  idx bigint NOT NULL,
  effective_at timestamptz NOT NULL,
  terms uuid[] NOT NULL,
  content text COLLATE "C" NOT NULL,
  reason text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, idx)
);

-- effective = the effective time of each entry, microseconds since 1970 in 8 bytes little-endian.
CREATE TABLE audit_block (
  tenant integer NOT NULL,
  first bigint NOT NULL,
  effective_from timestamptz NOT NULL,
  effective_to timestamptz NOT NULL,
  effective bytea NOT NULL,
  PRIMARY KEY (tenant, first)
);

-- entries = which entries of the block have the term: up to 127 places of 2 bytes little-endian, or a bit each in 256 bytes.
CREATE TABLE audit_block_posting (
  tenant integer NOT NULL,
  first bigint NOT NULL,
  term uuid NOT NULL,
  entries bytea NOT NULL,
  PRIMARY KEY (tenant, first, term)
);

-- source: 1 = what happened, keys, ticket and incident; 2 = the reason. places = for each of these entries, in order, the word's
-- places in its text, each as the distance from the one before (varint, the first from -1), then 0.
CREATE TABLE audit_block_word (
  tenant integer NOT NULL,
  first bigint NOT NULL,
  word text COLLATE "C" NOT NULL,
  source smallint NOT NULL,
  entries bytea NOT NULL,
  places bytea NOT NULL,
  PRIMARY KEY (tenant, first, word, source)
);

CREATE TABLE blob (
  tenant integer NOT NULL,
  digest bytea NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (tenant, digest)
);

CREATE TABLE entry_private (
  tenant integer NOT NULL,
  idx bigint NOT NULL,
  ordinal integer NOT NULL,
  pointer text COLLATE "C" NOT NULL,
  commitment text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  subject text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, idx, ordinal)
);
CREATE INDEX entry_private_by_subject ON entry_private (tenant, subject, idx);

-- idx = of the entry that brought the value.
CREATE TABLE document_private (
  tenant integer NOT NULL,
  commitment text COLLATE "C" NOT NULL,
  pointer text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  subject text COLLATE "C" NOT NULL,
  idx bigint NOT NULL,
  PRIMARY KEY (tenant, commitment)
);
CREATE INDEX document_private_by_subject ON document_private (tenant, subject, idx);

CREATE TABLE subject (
  tenant integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  sid text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, name)
);
CREATE UNIQUE INDEX subject_by_sid ON subject (tenant, sid);

-- Nothing of theirs is written any more.
CREATE TABLE erased_subject (
  tenant integer NOT NULL,
  sid text COLLATE "C" NOT NULL,
  idx bigint NOT NULL,
  PRIMARY KEY (tenant, sid)
);

-- How often flags served their variants: measured, not governed. Old hours are dropped, totals stay.
CREATE TABLE evaluation_total (
  tenant integer NOT NULL,
  environment text COLLATE "C" NOT NULL,
  flag text COLLATE "C" NOT NULL,
  variant text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, flag, variant)
) WITH (fillfactor = 70);

CREATE TABLE evaluation_hour (
  tenant integer NOT NULL,
  environment text COLLATE "C" NOT NULL,
  hour timestamptz NOT NULL,
  flag text COLLATE "C" NOT NULL,
  variant text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, environment, hour, flag, variant)
) WITH (fillfactor = 70);
CREATE INDEX evaluation_hour_by_flag ON evaluation_hour (tenant, environment, flag, hour);

-- How far something has come: cursors, progress, leases. Outside the log.
CREATE TABLE mark (
  tenant integer NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (tenant, name)
) WITH (fillfactor = 50);
