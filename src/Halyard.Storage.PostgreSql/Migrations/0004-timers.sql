-- What is to be done at a time. ready_at: from when on it can be taken; due_at, or the end of the lease of whoever has it.
CREATE TABLE timer (
  tenant integer NOT NULL,
  id text COLLATE "C" NOT NULL,
  due_at timestamptz NOT NULL,
  ready_at timestamptz NOT NULL,
  kind text COLLATE "C" NOT NULL,
  resource_kind text COLLATE "C" NOT NULL,
  resource_project text COLLATE "C" NOT NULL,
  resource_key text COLLATE "C" NOT NULL,
  attempt bigint NOT NULL,
  fence bigint NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX timer_by_ready_at ON timer (ready_at);

-- The fences of those who take timers: they go on growing, whatever becomes of the timers.
CREATE SEQUENCE timer_fence;
