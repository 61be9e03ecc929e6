
import apps.core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('associations', '0002_memberships_by_fee'),
        ('campuses', '0005_announced'),
        ('money', '0002_ledger_is_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('association', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='charters', to='associations.association')),
            ],
            options={
                'verbose_name': 'charter',
                'verbose_name_plural': 'charters',
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='CharterVersion',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('text_fr', models.TextField(max_length=20000, verbose_name='text in French')),
                ('text_en', models.TextField(blank=True, max_length=20000, verbose_name='text in English')),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('charter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='fees.charter')),
            ],
            options={
                'verbose_name': 'version of a charter',
                'verbose_name_plural': 'versions of charters',
                'ordering': ['charter', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Checkout',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'joint order of fees',
                'verbose_name_plural': 'joint orders of fees',
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('held', 'Place held, not paid'), ('paid', 'Paid'), ('released', 'Not paid in time'), ('refunded', 'Refunded')], default='held', max_length=10, verbose_name='state')),
                ('source', models.CharField(choices=[('bought', 'Bought by the member'), ('desk', 'Received at the desk'), ('imported', 'Imported')], default='bought', max_length=10, verbose_name='how')),
                ('price', models.PositiveBigIntegerField(verbose_name='price')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('grace_days', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='paid')),
                ('association', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='associations.association')),
                ('checkout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fees', to='fees.checkout')),
                ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='money.order')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'fee of a member',
                'verbose_name_plural': 'fees of members',
                'ordering': ['-starts_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(choices=[('oneself', 'By themselves'), ('paper', 'On paper, at the desk')], default='oneself', max_length=10)),
                ('at', models.DateTimeField(verbose_name='accepted')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='fees.charterversion')),
                ('fee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='fees.fee')),
            ],
            options={
                'verbose_name': 'accepted charter',
                'verbose_name_plural': 'accepted charters',
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('step', models.SmallIntegerField(verbose_name='day')),
                ('outcome', models.CharField(choices=[('sent', 'Sent'), ('renewed', 'Renewed already'), ('left', 'Left the association'), ('refunded', 'The fee was given back'), ('opted_out', 'Switched these messages off'), ('no_address', 'No address that takes mail'), ('inactive', "The person's account is closed"), ('frozen', 'The association is frozen or not active'), ('not_sold', 'The fee is not sold any more'), ('overtaken', 'A later step was due as well')], max_length=12, verbose_name='outcome')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('fee', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='fees.fee')),
            ],
            options={
                'verbose_name': 'reminder of a fee',
                'verbose_name_plural': 'reminders of fees',
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name_fr', models.CharField(max_length=80, verbose_name='name in French')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name in English')),
                ('price', models.PositiveBigIntegerField(verbose_name='price')),
                ('period', models.CharField(choices=[('school_year', 'School year (September to August)'), ('semester', 'Semester (September to January, February to August)'), ('twelve_months', 'Twelve months from the day of joining'), ('fixed', 'Fixed dates')], default='school_year', max_length=15, verbose_name='period')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('sold_from', models.DateField(blank=True, null=True, verbose_name='on sale from')),
                ('sold_until', models.DateField(blank=True, null=True, verbose_name='on sale until')),
                ('places', models.PositiveIntegerField(blank=True, null=True, verbose_name='places')),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('alumni', 'Alumnus'), ('member', 'Student'), ('staff', 'Staff'), ('manager', 'Campus manager')], max_length=20), blank=True, default=list, size=None)),
                ('renewal_days', models.PositiveSmallIntegerField(default=60, verbose_name='may be renewed from so many days before the end')),
                ('grace_days', models.PositiveSmallIntegerField(default=30, verbose_name='days of grace after the end')),
                ('remind_days', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, size=None, verbose_name='reminders')),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('association', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='associations.association')),
            ],
            options={
                'verbose_name': 'fee',
                'verbose_name_plural': 'fees',
                'ordering': ['price', 'id'],
            },
        ),
        migrations.AddField(
            model_name='fee',
            name='tier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fees', to='fees.tier', verbose_name='fee'),
        ),
        migrations.CreateModel(
            name='TierCampus',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('campus', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campuses.campus')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fees.tier')),
            ],
            options={
                'verbose_name': 'campus of a fee',
                'verbose_name_plural': 'campuses of fees',
            },
        ),
        migrations.AddField(
            model_name='tier',
            name='campuses',
            field=models.ManyToManyField(related_name='+', through='fees.TierCampus', to='campuses.campus', verbose_name='campuses'),
        ),
        migrations.CreateModel(
            name='TierCharter',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('charter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fees.charter')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fees.tier')),
            ],
            options={
                'verbose_name': 'charter of a fee',
                'verbose_name_plural': 'charters of fees',
            },
        ),
        migrations.AddField(
            model_name='tier',
            name='charters',
            field=models.ManyToManyField(related_name='tiers', through='fees.TierCharter', to='fees.charter', verbose_name='charters to sign'),
        ),
        migrations.CreateModel(
            name='TierMemberOf',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('association', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='associations.association')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fees.tier')),
            ],
            options={
                'verbose_name': 'association of a fee',
                'verbose_name_plural': 'associations of fees',
            },
        ),
        migrations.AddField(
            model_name='tier',
            name='members_of',
            field=models.ManyToManyField(related_name='+', through='fees.TierMemberOf', to='associations.association', verbose_name='members of'),
        ),
        migrations.CreateModel(
            name='TierPromotion',
            fields=[
                ('id', models.UUIDField(default=apps.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('promotion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campuses.promotion')),
                ('tier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='fees.tier')),
            ],
            options={
                'verbose_name': 'promotion of a fee',
                'verbose_name_plural': 'promotions of fees',
            },
        ),
        migrations.AddField(
            model_name='tier',
            name='promotions',
            field=models.ManyToManyField(related_name='+', through='fees.TierPromotion', to='campuses.promotion', verbose_name='promotions'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.UniqueConstraint(fields=('charter', 'number'), name='one_text_per_charter_version'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(fields=('version', 'fee'), name='accepted_once_per_fee'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('fee', 'step'), name='one_reminder_per_step'),
        ),
        migrations.AddIndex(
            model_name='fee',
            index=models.Index(fields=['association', 'state', 'ends_on'], name='fees_of_association'),
        ),
        migrations.AddIndex(
            model_name='fee',
            index=models.Index(condition=models.Q(('state__in', ['held', 'paid'])), fields=['tier', 'ends_on'], name='places_taken'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='fee_in_order'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['held', 'paid'])), fields=('association', 'user', 'starts_on'), name='one_fee_per_period'),
        ),
        migrations.AddConstraint(
            model_name='tiercampus',
            constraint=models.UniqueConstraint(fields=('tier', 'campus'), name='one_campus_per_fee'),
        ),
        migrations.AddConstraint(
            model_name='tiercharter',
            constraint=models.UniqueConstraint(fields=('tier', 'charter'), name='one_charter_per_fee'),
        ),
        migrations.AddConstraint(
            model_name='tiermemberof',
            constraint=models.UniqueConstraint(fields=('tier', 'association'), name='one_association_per_fee'),
        ),
        migrations.AddConstraint(
            model_name='tierpromotion',
            constraint=models.UniqueConstraint(fields=('tier', 'promotion'), name='one_promotion_per_fee'),
        ),
        migrations.AddConstraint(
            model_name='tier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('period', 'fixed'), _negated=True), models.Q(('ends_on__gt', models.F('starts_on')), ('starts_on__isnull', False)), _connector='OR'), name='fixed_fee_has_its_dates'),
        ),
    ]
