"""The database itself refuses to change or remove entries and seals. A remade SQLite table loses its triggers:
a later migration that alters one of these tables has to run `CREATE` again."""

from django.db import migrations

FROZEN = {
    "ledger_entry": ("UPDATE", "DELETE"),
    "ledger_entrybody": ("DELETE",),
    "ledger_seal": ("UPDATE", "DELETE"),
    "ledger_sealedhead": ("UPDATE", "DELETE"),
}
PLACES = [(table, verb) for table, verbs in FROZEN.items() for verb in verbs]
SAID = "the ledger is append-only"
FUNCTION = f"""
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAID}'; END $$
"""


def trigger(table, verb):
    return f"{table}_no_{verb.lower()}"


CREATE = {
    "sqlite": [
        f"CREATE TRIGGER {trigger(t, v)} BEFORE {v} ON {t} BEGIN SELECT RAISE(ABORT, '{SAID}'); END" for t, v in PLACES
    ],
    "postgresql": [
        FUNCTION,
        *(
            f"CREATE TRIGGER {trigger(t, v)} BEFORE {v} ON {t} FOR EACH ROW EXECUTE FUNCTION ledger_append_only()"
            for t, v in PLACES
        ),
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER {trigger(t, v)}" for t, v in PLACES],
    "postgresql": [*(f"DROP TRIGGER {trigger(t, v)} ON {t}" for t, v in PLACES), "DROP FUNCTION ledger_append_only()"],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
