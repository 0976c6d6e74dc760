-- minimum = the first entry that was not purged. Leaf hashes and versions stay: they prove and describe what is left.
ALTER TABLE audit_head ADD COLUMN minimum INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER audit_minimum_only_rises BEFORE UPDATE OF minimum ON audit_head
WHEN NEW.minimum < OLD.minimum OR NEW.minimum % 256 <> 0 OR NEW.minimum > NEW.size
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: what was purged stays purged, and only whole bundles are.'); END;

DROP TRIGGER audit_entry_is_not_deleted;
CREATE TRIGGER audit_entry_is_not_deleted BEFORE DELETE ON audit_entry
WHEN NOT EXISTS (SELECT 1 FROM audit_head WHERE tenant = OLD.position >> 36 AND minimum > OLD.position & 68719476735)
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: an entry cannot be deleted.'); END;
CREATE TRIGGER audit_entry_is_not_put_back BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_head WHERE tenant = NEW.position >> 36 AND minimum > NEW.position & 68719476735)
BEGIN SELECT RAISE(ABORT, 'The audit log is append-only: a purged entry cannot be put back.'); END;
