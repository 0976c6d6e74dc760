-- What is to be done at a time. ready_at: from when on it can be taken; due_at, or the end of the lease of whoever has it.
CREATE TABLE timer (
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_project TEXT NOT NULL,
  resource_key TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX timer_by_ready_at ON timer (ready_at);

-- The last fence given to a taker. One number for all timers: it must go on growing when a timer is cleared and set anew.
CREATE TABLE timer_fence (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  value INTEGER NOT NULL
) STRICT;

INSERT INTO timer_fence (only_row, value) VALUES (1, 0);
