-- For tools that read with SQL: what the log says, personal values as commitments. A view reads with its owner's rights, so that a
-- role which may read these may read nothing else.

CREATE VIEW report_entry AS
SELECT
  t.name AS tenant, e.idx, e.at, e.effective_at, l.id,
  leaf.value ->> 'type' AS type, leaf.value ->> 'project' AS project, leaf.value #>> '{actor,sid}' AS actor,
  (leaf.value #>> '{outcome,ok}')::boolean AS succeeded, leaf.value AS leaf
FROM audit_entry e
JOIN tenant t ON t.number = e.tenant
JOIN audit_leaf_hash l USING (tenant, idx)
CROSS JOIN LATERAL (SELECT convert_from(e.leaf, 'UTF8')::json AS value) leaf;

CREATE VIEW report_resource AS
SELECT
  t.name AS tenant, r.kind, r.project, r.key, r.id, r.revision, r.created_at, r.updated_at,
  convert_from(coalesce(r.sealed, r.document), 'UTF8')::json AS document
FROM resource r JOIN tenant t ON t.number = r.tenant
WHERE r.kind IN ('project', 'environment', 'flag', 'segment');

CREATE VIEW report_evaluation AS
SELECT t.name AS tenant, h.environment, h.flag, h.variant, h.hour, h.count
FROM evaluation_hour h JOIN tenant t ON t.number = h.tenant;
