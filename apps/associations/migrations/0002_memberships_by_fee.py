
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('associations', '0001_associations'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='until',
            field=models.DateField(blank=True, null=True, verbose_name='until'),
        ),
        migrations.AlterField(
            model_name='association',
            name='joining',
            field=models.CharField(choices=[('free', 'Everybody who sees it may join'), ('approval', 'The board decides about each request'), ('fee', 'Everybody who pays the fee'), ('closed', 'Only the board adds people')], default='approval', max_length=10, verbose_name='joining'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='source',
            field=models.CharField(choices=[('joined', 'Joined'), ('asked', 'Asked and was admitted'), ('added', 'Added by the board'), ('founder', 'Founder'), ('fee', 'By fee')], max_length=10, verbose_name='source'),
        ),
    ]
