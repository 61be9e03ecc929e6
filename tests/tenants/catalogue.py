"""What a schema consists of, object by object, as PostgreSQL tells it: to compare two schools."""

from psycopg import sql

from apps.tenants.database import owner_connection

OBJECTS = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
               a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), l.collname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relnamespace = {schema}::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')""",
    "tables": """
        SELECT relname, relkind::text, relpersistence::text, relrowsecurity, reloptions, obj_description(oid)
        FROM pg_class WHERE relnamespace = {schema}::regnamespace AND relkind <> 'i'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid), condeferrable, condeferred
        FROM pg_constraint WHERE connamespace = {schema}::regnamespace""",
    "indexes": """
        SELECT c.relname, pg_get_indexdef(c.oid, 0, true), i.indisvalid
        FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = {schema}::regnamespace""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, increment_by, min_value, max_value, cycle, cache_size
        FROM pg_sequences WHERE schemaname = {schema}""",
    "functions": """
        SELECT proname, pg_get_function_arguments(oid), prosrc, provolatile::text, prosecdef
        FROM pg_proc WHERE pronamespace = {schema}::regnamespace""",
    "triggers": """
        SELECT c.relname, t.tgname, regexp_replace(pg_get_triggerdef(t.oid, true), 's_\\w+\\.', '')
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = {schema}::regnamespace AND NOT t.tgisinternal""",
    "types": "SELECT typname, typtype::text FROM pg_type WHERE typnamespace = {schema}::regnamespace",
    "migrations": "SELECT app, name FROM django_migrations",
}
RIGHTS = """
    SELECT c.relname, a.privilege_type, replace(a.grantee::regrole::text, {schema}, '*')
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = {schema}::regnamespace AND a.grantee <> c.relowner"""


def contents(schema: str, *, rights: bool = False) -> dict[str, set]:
    """Every object with its definition, told without the schema's own name."""
    with owner_connection() as owner:
        owner.execute(sql.SQL("SET LOCAL search_path = {}, extensions").format(sql.Identifier(schema)))
        questions = {**OBJECTS, **({"rights": RIGHTS} if rights else {})}
        return {
            kind: {
                tuple(map(str, row))
                for row in owner.execute(question.replace("{schema}", "'" + schema + "'")).fetchall()
            }
            for kind, question in questions.items()
        }


def differences(one: dict[str, set], other: dict[str, set]) -> dict[str, list]:
    return {kind: sorted(one[kind] ^ other[kind]) for kind in one if one[kind] != other[kind]}
