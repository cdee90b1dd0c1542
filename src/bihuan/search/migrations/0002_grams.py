"""Where the grams stand. A remade SQLite table loses its trigger: a later migration that alters `search_entry` has to
run `CREATE` again. The tokenizer only parts at blanks: cutting is done by `search.policy`, the same for both databases."""

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_grams USING fts5("
        "title, body, content='', contentless_delete=1, prefix='1', tokenize='ascii')",
        "CREATE TRIGGER search_entry_grams_go AFTER DELETE ON search_entry "
        "BEGIN DELETE FROM search_grams WHERE rowid = old.id; END",
    ],
    "postgresql": [
        "ALTER TABLE search_entry ADD COLUMN grams tsvector",
        "CREATE INDEX search_entry_grams ON search_entry USING gin (grams)",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER search_entry_grams_go", "DROP TABLE search_grams"],
    "postgresql": ["ALTER TABLE search_entry DROP COLUMN grams"],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
