-- One guard instead of two, and one that fails where the old ones aborted: ABORT makes SQLite keep an undo journal for each single
-- insert, which cost more than the insert. Nothing is written before the guard is asked, so there is nothing to undo.
DROP TRIGGER IF EXISTS audit_entry_is_not_replaced;
DROP TRIGGER IF EXISTS audit_entry_is_not_put_back;
-- INSERT OR REPLACE would pass by the trigger on DELETE.
CREATE TRIGGER audit_entry_is_not_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE position = NEW.position)
  OR EXISTS (SELECT 1 FROM audit_head WHERE tenant = NEW.position >> 36 AND minimum > NEW.position & 68719476735)
BEGIN SELECT RAISE(FAIL, 'The audit log is append-only: an entry cannot be replaced or put back.'); END;
