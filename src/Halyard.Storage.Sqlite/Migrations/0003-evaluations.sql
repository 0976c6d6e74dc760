-- How often flags served their variants: measured, not governed, so no part of the log.

CREATE TABLE evaluation_total (
  tenant INTEGER NOT NULL,
  environment TEXT NOT NULL,
  flag TEXT NOT NULL,
  variant TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, environment, flag, variant)
) STRICT, WITHOUT ROWID;

-- hour = its start. Old hours are dropped, totals stay.
CREATE TABLE evaluation_hour (
  tenant INTEGER NOT NULL,
  environment TEXT NOT NULL,
  hour INTEGER NOT NULL,
  flag TEXT NOT NULL,
  variant TEXT NOT NULL,
  count INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, environment, hour, flag, variant)
) STRICT, WITHOUT ROWID;
