"""Whatever changes what working time is read from sets another mark, so that a process may keep what it has read
(decision 27). A remade SQLite table loses its triggers: a later migration that alters one of these tables has to run
`CREATE` again; tests/organisation/test_working_time.py tells."""

from django.db import migrations, models

MARK = "organisation_workingtimemark"
READ = [
    f"organisation_{name}" for name in ("site", "calendar", "workinghours", "calendarday", "officialyear", "officialday")
]
VERBS = ("INSERT", "UPDATE", "DELETE")


def another(mark):
    return f"INSERT INTO {MARK} (id, mark) VALUES (1, {mark}) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"


FUNCTION = f"""
CREATE FUNCTION organisation_mark_working_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {another("gen_random_uuid()")}; RETURN NULL; END $$
"""
CREATE = {
    "sqlite": [
        f"CREATE TRIGGER {table}_marks_{verb.lower()} AFTER {verb} ON {table} "
        f"BEGIN {another('lower(hex(randomblob(16)))')}; END"
        for table in READ
        for verb in VERBS
    ],
    "postgresql": [
        FUNCTION,
        *(
            f"CREATE TRIGGER {table}_marks AFTER {' OR '.join((*VERBS, 'TRUNCATE'))} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION organisation_mark_working_time()"
            for table in READ
        ),
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER {table}_marks_{verb.lower()}" for table in READ for verb in VERBS],
    "postgresql": [
        *(f"DROP TRIGGER {table}_marks ON {table}" for table in READ),
        "DROP FUNCTION organisation_mark_working_time()",
    ],
}


def create(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in CREATE[vendor]:
        schema_editor.execute(statement)
    schema_editor.execute(another({"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}[vendor]))


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("organisation", "0010_name_keys")]
    operations = [
        migrations.CreateModel(
            name="WorkingTimeMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=40)),
            ],
        ),
        migrations.RunPython(create, drop),
    ]
