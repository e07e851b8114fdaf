import uuid

from django.db import migrations, models


def name_them(apps, schema_editor):
    """A ref of its own for each statement that is there."""
    for statement in apps.get_model("initiatives", "CoverageStatement").objects.using(schema_editor.connection.alias):
        statement.ref = uuid.uuid4()
        statement.save(update_fields=["ref"])


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0007_saved_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='coveragestatement',
            name='ref',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='coveragestatement',
            name='ref',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='coveragestatement',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='coveragestatement',
            name='withdrawn_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='coveragestatement',
            name='kind',
            field=models.CharField(choices=[('reviewed_none_found', 'Looked, found none'), ('not_invited', 'Not invited'), ('deliberately_not_engaged', 'Deliberately not')], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='coveragestatement',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_on', None), ('withdrawn_on__gte', models.F('stated_on')), _connector='OR'), name='statement_withdrawn_later', violation_error_message="A statement can't be withdrawn before the day on which it was made."),
        ),
    ]
