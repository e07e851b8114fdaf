import django.db.models.deletion
from django.db import migrations, models

FILL = """UPDATE initiatives_reading SET owner_id = (
    SELECT owner_id FROM initiatives_initiative WHERE initiatives_initiative.id = initiatives_reading.initiative_id
)"""


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0013_answers_of_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='reading',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.organisation'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
