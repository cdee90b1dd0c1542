
import bihuan.access.enums
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('secrecy', models.CharField(default=bihuan.access.enums.Secrecy['INTERNAL'], max_length=20)),
                ('opened_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id'), name='one_scope_per_subject'), models.CheckConstraint(condition=models.Q(('secrecy__in', ['PUBLIC', 'INTERNAL', 'SECRET', 'CONFIDENTIAL'])), name='scope_secrecy_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('principal', models.CharField(max_length=40)),
                ('role', models.CharField(max_length=20)),
                ('level', models.PositiveSmallIntegerField()),
                ('via', models.CharField(blank=True, max_length=200)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('scope', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='access.scope')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until_at__isnull', True)), fields=['principal', 'scope'], name='member_principal_scope')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until_at__isnull', True)), fields=('scope', 'principal', 'role', 'via'), name='member_is_admitted_once_at_a_time'), models.CheckConstraint(condition=models.Q(('role__in', ['INITIATOR', 'LEAD', 'HEAD', 'CONTACT', 'RECORDER', 'PMO', 'EXECUTIVE', 'STAFF', 'READER'])), name='member_role_is_known'), models.CheckConstraint(condition=models.Q(('level__in', [1, 2, 3])), name='member_level_is_known'), models.CheckConstraint(condition=models.Q(('until_at__isnull', True), ('until_at__gte', models.F('from_at')), _connector='OR'), name='member_leaves_after_joining')],
            },
        ),
    ]
