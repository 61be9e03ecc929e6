"""What the ledger and the documents promise is kept by the database, whoever writes.

* never changed: the trigger of the audit trail, with the same documented way past it (audit 0001)
* numbers without gaps, each transaction sealed with the one before it
* entries of a transaction sum to nothing: asked at the end of the database transaction that wrote them. Nobody knows
  which school is selected by then, so this function names the schema itself and works with the owner's rights
"""

from django.db import migrations

CHAIN = """
CREATE FUNCTION money_keep_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_number bigint;
  last_hash text;
BEGIN
  SELECT sequence, hash INTO last_number, last_hash FROM money_ledgertransaction
   WHERE treasury_id = NEW.treasury_id ORDER BY sequence DESC LIMIT 1;
  IF NEW.sequence <> coalesce(last_number, 0) + 1 OR NEW.previous_hash <> coalesce(last_hash, '') THEN
    RAISE EXCEPTION 'ledger of %: number % does not follow %', NEW.treasury_id, NEW.sequence, coalesce(last_number, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
"""
NUMBERS = """
CREATE FUNCTION money_keep_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_number integer;
BEGIN
  SELECT max(number) INTO last_number FROM money_document
   WHERE treasury_id = NEW.treasury_id AND kind = NEW.kind AND year = NEW.year;
  IF NEW.number <> coalesce(last_number, 0) + 1 THEN
    RAISE EXCEPTION 'documents of %: number % does not follow %', NEW.treasury_id, NEW.number, coalesce(last_number, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
"""
BALANCE = """
CREATE FUNCTION money_keep_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  asked uuid;
  total numeric;
  sides integer;
  strangers integer;
BEGIN
  IF TG_TABLE_NAME = 'money_ledgerentry' THEN asked := NEW.transaction_id; ELSE asked := NEW.id; END IF;
  EXECUTE format('SELECT coalesce(sum(e.amount), 0), count(*), count(*) FILTER (WHERE a.treasury_id <> t.treasury_id)
    FROM %1$I.money_ledgerentry e
    JOIN %1$I.money_ledgeraccount a ON a.id = e.account_id
    JOIN %1$I.money_ledgertransaction t ON t.id = e.transaction_id
   WHERE e.transaction_id = $1', TG_TABLE_SCHEMA) INTO total, sides, strangers USING asked;
  IF total <> 0 OR sides < 2 OR strangers > 0 THEN
    RAISE EXCEPTION 'ledger transaction % does not balance: % in % entries, % of other treasuries',
      asked, total, sides, strangers USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
$$
"""
BALANCED = """
CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION money_keep_balance()
"""
KEPT = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()
"""
APPEND_ONLY = ("money_ledgertransaction", "money_ledgerentry", "money_ledgerseal", "money_document")
OF_BALANCE = ("money_ledgertransaction", "money_ledgerentry")


class Migration(migrations.Migration):
    dependencies = [("money", "0001_money"), ("audit", "0003_trail_outlives_people")]

    operations = [
        migrations.RunSQL(CHAIN, "DROP FUNCTION money_keep_chain()"),
        migrations.RunSQL(NUMBERS, "DROP FUNCTION money_keep_numbers()"),
        migrations.RunSQL(BALANCE, "DROP FUNCTION money_keep_balance()"),
        migrations.RunSQL(
            "CREATE TRIGGER money_chain BEFORE INSERT ON money_ledgertransaction "
            "FOR EACH ROW EXECUTE FUNCTION money_keep_chain()",
            "DROP TRIGGER money_chain ON money_ledgertransaction",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER money_numbers BEFORE INSERT ON money_document "
            "FOR EACH ROW EXECUTE FUNCTION money_keep_numbers()",
            "DROP TRIGGER money_numbers ON money_document",
        ),
        *[
            migrations.RunSQL(BALANCED.format(table=table), f"DROP TRIGGER {table}_balanced ON {table}")
            for table in OF_BALANCE
        ],
        *[
            migrations.RunSQL(KEPT.format(table=table), f"DROP TRIGGER {table}_append_only ON {table}")
            for table in APPEND_ONLY
        ],
    ]
