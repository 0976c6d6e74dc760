-- The data keys of subjects, each wrapped; see docs/adr/0011.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subject_key (
  tenant TEXT NOT NULL,
  sid TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  PRIMARY KEY (tenant, sid)
) STRICT, WITHOUT ROWID;

-- own = 1 where the subject is known by nothing but what the pseudonym stands for.
CREATE TABLE subject_name (
  tenant TEXT NOT NULL,
  pseudonym TEXT NOT NULL,
  sid TEXT NOT NULL,
  own INTEGER NOT NULL,
  PRIMARY KEY (tenant, pseudonym, sid)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_name_by_sid ON subject_name (tenant, sid);

CREATE TABLE erased (
  tenant TEXT NOT NULL,
  sid TEXT NOT NULL,
  idx INTEGER NOT NULL,
  PRIMARY KEY (tenant, sid)
) STRICT, WITHOUT ROWID;
