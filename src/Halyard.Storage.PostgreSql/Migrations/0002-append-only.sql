-- Against mistakes; against the owner of the database stands the signed checkpoint.

CREATE FUNCTION refuse_rewriting_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION refuse_deleting_what_was_not_purged() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF OLD.idx < (SELECT minimum FROM audit_head WHERE tenant = OLD.tenant) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit log is append-only: an entry cannot be deleted.' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION refuse_putting_back_what_was_purged() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT FROM added JOIN audit_head USING (tenant) WHERE added.idx < audit_head.minimum) THEN
    RAISE EXCEPTION 'The audit log is append-only: a purged entry cannot be put back.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION refuse_going_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append-only: it does not shrink, what was purged stays purged, and only whole bundles are.'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER is_not_rewritten BEFORE UPDATE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_log();
CREATE TRIGGER is_not_deleted BEFORE DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_deleting_what_was_not_purged();
CREATE TRIGGER is_not_put_back AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_putting_back_what_was_purged();
CREATE TRIGGER is_not_rewritten BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf_hash
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_log();
CREATE TRIGGER is_not_rewritten BEFORE UPDATE OR DELETE OR TRUNCATE ON resource_version
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_log();
CREATE TRIGGER does_not_go_back BEFORE UPDATE ON audit_head FOR EACH ROW
  WHEN (NEW.size < OLD.size OR NEW.minimum < OLD.minimum OR NEW.minimum % 256 <> 0 OR NEW.minimum > NEW.size)
  EXECUTE FUNCTION refuse_going_back();
CREATE TRIGGER is_not_removed BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_log();

-- What the server's role may do to the log beyond adding to it, it may through these two alone; both run as the owner of the tables.

-- Attached rather than made in place, so that nobody who reads or writes waits for it.
CREATE FUNCTION add_entry_partition(of_tenant integer, part bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  partition text := format('audit_entry_%s_%s', of_tenant, part);
BEGIN
  IF to_regclass(partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE audit_entry INCLUDING ALL)', partition);
  EXECUTE format(
    'CREATE TRIGGER is_not_rewritten BEFORE UPDATE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_log()',
    partition);
  EXECUTE format(
    'ALTER TABLE audit_entry ATTACH PARTITION %I FOR VALUES FROM (%s, %s) TO (%s, %s)',
    partition, of_tenant, part * 4194304, of_tenant, (part + 1) * 4194304);
END $$;

-- The minimum first, so that the trigger lets go what is below it, and nothing else.
CREATE FUNCTION purge_entries(of_tenant integer, below bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  UPDATE audit_head SET minimum = below WHERE tenant = of_tenant;
  DELETE FROM audit_entry WHERE tenant = of_tenant AND idx < below;
END $$;

REVOKE EXECUTE ON FUNCTION add_entry_partition, purge_entries FROM PUBLIC;
