-- The data keys of subjects, each wrapped; see docs/adr/0011. Outside the main tables, best in a database of its own.
CREATE TABLE secret (
  name text COLLATE "C" PRIMARY KEY,
  wrapped bytea NOT NULL
);

CREATE TABLE subject_key (
  tenant text COLLATE "C" NOT NULL,
  sid text COLLATE "C" NOT NULL,
  wrapped bytea NOT NULL,
  PRIMARY KEY (tenant, sid)
);

-- own where the subject is known by nothing but what the pseudonym stands for.
CREATE TABLE subject_name (
  tenant text COLLATE "C" NOT NULL,
  pseudonym text COLLATE "C" NOT NULL,
  sid text COLLATE "C" NOT NULL,
  own boolean NOT NULL,
  PRIMARY KEY (tenant, pseudonym, sid)
);
CREATE UNIQUE INDEX subject_name_own ON subject_name (tenant, pseudonym) WHERE own;
CREATE INDEX subject_name_by_sid ON subject_name (tenant, sid);

CREATE TABLE erased (
  tenant text COLLATE "C" NOT NULL,
  sid text COLLATE "C" NOT NULL,
  idx bigint NOT NULL,
  PRIMARY KEY (tenant, sid)
);
