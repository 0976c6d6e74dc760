-- What free text finds entries by: the words of each block of 2,048 entries, written with the block and never again, unless a
-- reason is erased. source: 1 = what happened, keys, ticket and incident; 2 = the reason.
-- entries = as in audit_block_posting; places = for each of these entries, in order, the word's places in its text, each as the
-- distance from the one before (varint, the first from -1), then 0.
CREATE TABLE audit_block_word (
  first INTEGER NOT NULL,
  word TEXT NOT NULL,
  source INTEGER NOT NULL,
  entries BLOB NOT NULL,
  places BLOB NOT NULL,
  PRIMARY KEY (first, word, source)
) STRICT, WITHOUT ROWID;

-- The folded words of recent entries. NULL and 0 in what was written before: the store derives it from the leaves when it opens.
ALTER TABLE audit_recent ADD COLUMN content TEXT;
ALTER TABLE audit_recent ADD COLUMN reason TEXT;
ALTER TABLE audit_block ADD COLUMN has_words INTEGER NOT NULL DEFAULT 0;
