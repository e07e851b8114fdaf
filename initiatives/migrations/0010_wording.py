from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

from initiatives.folding import folded

AT_A_TIME = 2_000
FOUND = """CREATE FUNCTION initiatives_found(patterns text[], most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE conditions text;
BEGIN
    IF to_regprocedure('sight.found(text[], integer)') IS NOT NULL THEN -- where row security is on: see rowsecurity
        RETURN QUERY SELECT * FROM sight.found(patterns, most);
        RETURN;
    END IF;
    SELECT string_agg(format('(text LIKE %1$L OR places LIKE %1$L)', pattern), ' AND ')
        INTO conditions FROM unnest(patterns) AS pattern;
    RETURN QUERY EXECUTE format('SELECT initiative_id FROM initiatives_wording WHERE %s LIMIT %s', conditions, most);
END $$"""
ON = {
    "postgresql": [
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE INDEX initiatives_wording_index ON initiatives_wording USING gin (text gin_trgm_ops, places gin_trgm_ops)",
        FOUND,
    ],
    "sqlite": [
        """CREATE VIRTUAL TABLE initiatives_wording_index USING fts5(
            text, places, content='initiatives_wording', content_rowid='initiative_id', tokenize='trigram', detail='column')""",
        """CREATE TRIGGER initiatives_wording_added AFTER INSERT ON initiatives_wording BEGIN
            INSERT INTO initiatives_wording_index(rowid, text, places)
            VALUES (new.initiative_id, new.text, new.places); END""",
        """CREATE TRIGGER initiatives_wording_removed AFTER DELETE ON initiatives_wording BEGIN
            INSERT INTO initiatives_wording_index(initiatives_wording_index, rowid, text, places)
            VALUES ('delete', old.initiative_id, old.text, old.places); END""",
        """CREATE TRIGGER initiatives_wording_changed AFTER UPDATE ON initiatives_wording BEGIN
            INSERT INTO initiatives_wording_index(initiatives_wording_index, rowid, text, places)
            VALUES ('delete', old.initiative_id, old.text, old.places);
            INSERT INTO initiatives_wording_index(rowid, text, places)
            VALUES (new.initiative_id, new.text, new.places); END""",
    ],
}
OFF = {
    "postgresql": ["DROP FUNCTION initiatives_found(text[], integer)"],  # the index goes with its table
    "sqlite": ["DROP TABLE initiatives_wording_index"],  # and so do the triggers
}


def put_on(apps, schema_editor):
    for statement in ON[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def take_off(apps, schema_editor):
    for statement in OFF[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def fill(apps, schema_editor):
    """What initiatives/derived would write, of the records that are there."""
    model = {name: apps.get_model("initiatives", name) for name in ("Initiative", "Wording")}
    keys = list(model["Initiative"].objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        chosen = keys[start : start + AT_A_TIME]
        names, places = defaultdict(list), defaultdict(list)
        for key, *called in _rows(apps, "Participation", chosen, "organisation__name", "organisation__acronym"):
            names[key] += called
        for key, name, aliases in _rows(
            apps, "Engagement", chosen, "conflict_system__name", "conflict_system__aliases"
        ):
            names[key] += [name, *aliases]
        for key, place in _rows(apps, "Location", chosen, "place"):
            places[key].append(place)
        said = model["Initiative"].objects.filter(pk__in=chosen)
        model["Wording"].objects.bulk_create(
            model["Wording"](
                initiative_id=key,
                text=_lines(*texts, *names[key], *([] if coarse else places[key])),
                places=_lines(*(places[key] if coarse else [])),
            )
            for key, coarse, *texts in said.values_list("pk", "shown_places", "title", "summary", "description")
        )


def _rows(apps, name, initiatives, *fields):
    parts = apps.get_model("initiatives", name).objects.filter(initiative__in=initiatives).order_by("pk")
    return parts.values_list("initiative", *fields)


def _lines(*texts):
    return "\n".join(dict.fromkeys(filter(None, map(folded, texts))))


class Migration(migrations.Migration):

    dependencies = [("initiatives", "0009_list_order")]

    operations = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                ("initiative", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="wording", serialize=False, to="initiatives.initiative")),
                ("text", models.TextField()),
                ("places", models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(put_on, take_off),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
