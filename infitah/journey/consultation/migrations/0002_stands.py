from django.db import migrations

# A frozen version is never changed or removed; only who froze it is forgotten with the account.
STANDS = """
CREATE FUNCTION consultation_draft_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND to_jsonb(OLD) - 'by_id' = to_jsonb(NEW) - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a frozen version of a programme is never changed or removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_draft_stands BEFORE UPDATE OR DELETE ON consultation_draft
    FOR EACH ROW EXECUTE FUNCTION consultation_draft_stands();
"""
FALLS = "DROP TRIGGER consultation_draft_stands ON consultation_draft; DROP FUNCTION consultation_draft_stands();"


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]
    operations = [migrations.RunSQL(STANDS, FALLS)]
