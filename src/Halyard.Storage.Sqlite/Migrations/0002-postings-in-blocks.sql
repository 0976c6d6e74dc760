-- What entries are found by, a block of 2,048 entries at a time (index / 2,048), instead of one row for each value of each entry:
-- writing costs a fraction, and a query reads one row a value and block.

-- The entries after the last whole block, in the order of the log. terms = numbers of audit_term, with commas between.
CREATE TABLE audit_recent (
  position INTEGER PRIMARY KEY,
  effective_at INTEGER NOT NULL,
  terms TEXT NOT NULL
) STRICT;

-- first = position of the block's first entry; effective = the effective time of each entry, 8 bytes little-endian.
CREATE TABLE audit_block (
  first INTEGER PRIMARY KEY,
  effective_from INTEGER NOT NULL,
  effective_to INTEGER NOT NULL,
  effective BLOB NOT NULL
) STRICT;

-- entries = which entries of the block have the term: up to 127 places of 2 bytes little-endian, or a bit each in 256 bytes.
CREATE TABLE audit_block_posting (
  term INTEGER NOT NULL,
  first INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (term, first)
) STRICT, WITHOUT ROWID;

-- What is known so far becomes recent; the writer folds whole blocks of it with its first commit.
INSERT INTO audit_recent (position, effective_at, terms)
SELECT p.position, e.effective_at, group_concat(p.term)
FROM audit_posting p JOIN audit_entry e ON e.position = p.position JOIN audit_term t ON t.number = p.term
WHERE t.facet <> 'retimed'
GROUP BY p.position;

DROP TABLE audit_posting;
DELETE FROM audit_term WHERE facet = 'retimed';
