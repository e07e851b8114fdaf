from django.db import migrations

ANSWERED = ("A link to it confirmed", "A link to it declined")


def forget(apps, schema_editor):
    """Revisions that told in a record's past that a link to it was answered, also to those who may not open the other
    record; they changed nothing else. The link's own answer stays in the past of the record that it starts from."""
    apps.get_model("reversion", "Revision").objects.filter(comment__in=ANSWERED).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0012_tally_pauses'),
        ('reversion', '0002_add_index_on_version_for_content_type_and_db'),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
