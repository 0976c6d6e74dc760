-- Private values are encrypted, each under the data key of whom it belongs to; the keys are in another file. What is here in clear
-- is encrypted when the file is opened next (PlaintextSealer), and these two tables go.
ALTER TABLE entry_private RENAME TO entry_private_clear;
ALTER TABLE document_private RENAME TO document_private_clear;

-- subject = the number of the subject's id in audit_term (facet 'subject').
CREATE TABLE entry_private (
  position INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  pointer TEXT NOT NULL,
  commitment TEXT NOT NULL,
  sealed BLOB NOT NULL,
  subject INTEGER NOT NULL,
  PRIMARY KEY (position, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_private_by_subject ON entry_private (subject);

-- position = of the entry that brought the value.
CREATE TABLE document_private (
  tenant INTEGER NOT NULL,
  commitment TEXT NOT NULL,
  pointer TEXT NOT NULL,
  sealed BLOB NOT NULL,
  subject INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (tenant, commitment)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_private_by_subject ON document_private (subject);

-- Nothing of theirs is written any more.
CREATE TABLE erased_subject (
  tenant INTEGER NOT NULL,
  sid TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (tenant, sid)
) STRICT, WITHOUT ROWID;
