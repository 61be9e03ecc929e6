"""Plans about people stand on the plan component's own rows. The tables before this were never used."""

import apps.core.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campuses', '0002_promotions'),
        ('roster', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name='FailedRow'),
        migrations.DeleteModel(name='ImportFile'),
        migrations.DeleteModel(name='PeopleChange'),
        migrations.DeleteModel(name='PeoplePlan'),

        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('size', models.PositiveIntegerField()),
                ('encoding', models.CharField(blank=True, max_length=20)),
                ('delimiter', models.CharField(blank=True, max_length=4)),
                ('sheet', models.CharField(blank=True, max_length=100)),
                ('header', models.JSONField(default=list)),
                ('sample', models.JSONField(default=list)),
                ('uploaded_by', models.CharField(max_length=200)),
                ('uploaded_by_id', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'imported file',
                'verbose_name_plural': 'imported files',
            },
        ),
        migrations.CreateModel(
            name='RosterPlan',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('reading', 'Reading'), ('planned', 'Planned'), ('held', 'Held for review'), ('applying', 'Applying'), ('verifying', 'Checking'), ('done', 'Done'), ('partial', 'Incomplete'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('refused', 'Refused')], default='queued', max_length=10)),
                ('lane', models.CharField(default='main', editable=False, max_length=10)),
                ('requested_by', models.CharField(max_length=200)),
                ('request_id', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(verbose_name='requested')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('worker', models.CharField(blank=True, max_length=64)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('resume_at', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('to_apply', models.PositiveIntegerField(default=0)),
                ('applied', models.PositiveIntegerField(default=0)),
                ('cursor', models.BigIntegerField(default=0, editable=False)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('affected', models.PositiveIntegerField(default=0)),
                ('population', models.PositiveIntegerField(default=0)),
                ('hold_reason', models.CharField(blank=True, max_length=40)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('error_detail', models.CharField(blank=True, max_length=300)),
                ('kind', models.CharField(choices=[('file', 'Import'), ('rollover', 'Turn of the school year'), ('scim', 'Identity provider')], max_length=8)),
                ('label', models.CharField(max_length=200)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('period', models.CharField(blank=True, max_length=9)),
                ('rows_read', models.PositiveIntegerField(default=0)),
                ('rows', models.JSONField(blank=True, default=dict)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plans', to='roster.importfile')),
                ('undoes', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undos', to='roster.rosterplan')),
            ],
            options={
                'verbose_name': 'plan about people',
                'verbose_name_plural': 'plans about people',
                'ordering': ['-created_at', '-id'],
                'get_latest_by': 'created_at',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RosterChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subject', models.CharField(blank=True, max_length=20)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('name', models.CharField(blank=True, max_length=201)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('before', models.JSONField(blank=True, null=True)),
                ('after', models.JSONField(blank=True, null=True)),
                ('affects', models.BooleanField(default=False)),
                ('overtaken', models.BooleanField(default=False)),
                ('kind', models.CharField(choices=[('added', 'New account'), ('updated', 'Details change'), ('placed', 'Joins a campus'), ('moved', 'Role or promotion changes'), ('promoted', 'Moves up'), ('alumni', 'Becomes alumnus'), ('restored', 'Restored'), ('deactivated', 'Deactivated'), ('removed', 'Removed'), ('skipped', 'Skipped'), ('conflict', 'Conflict')], max_length=11)),
                ('row', models.PositiveIntegerField(blank=True, null=True)),
                ('user_id', models.UUIDField(blank=True, null=True)),
                ('campus_id', models.UUIDField(blank=True, null=True)),
                ('set_aside', models.CharField(blank=True, max_length=20)),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='roster.rosterplan')),
            ],
            options={
                'verbose_name': 'change of a plan about people',
                'verbose_name_plural': 'changes of a plan about people',
                'ordering': ['id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FailedRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('row', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
                ('errors', models.JSONField()),
                ('plan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='failed_rows', to='roster.rosterplan')),
            ],
            options={
                'verbose_name': 'failed row',
                'verbose_name_plural': 'failed rows',
            },
        ),
        migrations.AddIndex(
            model_name='rosterplan',
            index=models.Index(fields=['kind', '-created_at'], name='people_plans_by_time'),
        ),
        migrations.AddConstraint(
            model_name='rosterplan',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['applying', 'planned', 'queued', 'reading', 'verifying'])), fields=('lane',), name='roster_rosterplan_one_moves', violation_error_message='Another one is already under way.'),
        ),
        migrations.AddConstraint(
            model_name='rosterplan',
            constraint=models.UniqueConstraint(condition=models.Q(('period', ''), _negated=True), fields=('period',), name='one_rollover_per_school_year'),
        ),
        migrations.AddIndex(
            model_name='rosterchange',
            index=models.Index(fields=['run', 'id'], name='people_changes_in_order'),
        ),
        migrations.AddIndex(
            model_name='rosterchange',
            index=models.Index(fields=['run', 'kind'], name='people_changes_by_kind'),
        ),
        migrations.AddIndex(
            model_name='failedrow',
            index=models.Index(fields=['plan', 'row'], name='failed_rows_in_order'),
        ),
        migrations.RemoveField(
            model_name='provisionedgroup',
            name='version',
        ),
        migrations.RemoveField(
            model_name='provisionedperson',
            name='version',
        ),
        migrations.AddField(
            model_name='provisionedperson',
            name='display_name',
            field=models.CharField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name='provisionedperson',
            name='emails',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='provisionedperson',
            name='pending',
            field=models.CharField(blank=True, choices=[('', '-'), ('suspend', 'suspend'), ('remove', 'remove')], default='', max_length=7),
        ),
        migrations.AddField(
            model_name='provisionedperson',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='provisionedperson',
            index=models.Index(fields=['withdrawn_at'], name='provisioned_by_withdrawal'),
        ),
    ]
