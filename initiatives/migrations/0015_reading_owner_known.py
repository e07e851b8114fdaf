import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Apart from filling it: PostgreSQL alters no table whose rows were changed in the same transaction."""

    dependencies = [
        ('initiatives', '0014_reading_owner'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reading',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='initiatives.organisation'),
        ),
    ]
