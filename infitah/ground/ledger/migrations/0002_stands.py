from django.db import migrations

STANDS = """
CREATE FUNCTION ledger_entry_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal IS NULL AND OLD.position IS NULL
       AND NEW.seal IS NOT NULL AND NEW.position IS NOT NULL
       AND to_jsonb(OLD) - 'seal' - 'position' = to_jsonb(NEW) - 'seal' - 'position'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an entry of the ledger is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_stands BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_stands();

CREATE FUNCTION ledger_seal_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a seal of the ledger is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_seal_stands BEFORE UPDATE OR DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_seal_stands();
"""
FALLS = """
DROP TRIGGER ledger_entry_stands ON ledger_entry; DROP FUNCTION ledger_entry_stands();
DROP TRIGGER ledger_seal_stands ON ledger_seal; DROP FUNCTION ledger_seal_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(STANDS, FALLS)]
