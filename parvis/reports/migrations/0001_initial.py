import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0001_initial'),
        ('places', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=16, unique=True, verbose_name='référence')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='ce qui se passe')),
                ('answers', models.JSONField(blank=True, default=dict, verbose_name='réponses aux questions')),
                ('at', models.DateTimeField(verbose_name='signalé le')),
                ('latitude', models.FloatField(blank=True, null=True)),
                ('longitude', models.FloatField(blank=True, null=True)),
                ('place_to_confirm', models.BooleanField(default=False, verbose_name='lieu à confirmer')),
                ('place_label', models.CharField(blank=True, max_length=240, verbose_name='lieu')),
                ('inside', models.CharField(blank=True, choices=[('hall', 'hall d’entrée'), ('stairwell', 'cage d’escalier'), ('floor', 'palier, étage'), ('lift', 'ascenseur'), ('cellar', 'caves, garages'), ('roof', 'toit, façade'), ('surroundings', 'abords')], max_length=12, verbose_name='endroit')),
                ('public', models.BooleanField(default=False, verbose_name='public')),
                ('text_shown', models.BooleanField(default=False, verbose_name='texte montré')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='relu le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('state', models.CharField(choices=[('new', 'nouveau'), ('to_qualify', 'à qualifier'), ('taken', 'pris en charge'), ('scheduled', 'programmé'), ('settled', 'réglé'), ('dropped', 'sans suite')], default='new', max_length=12, verbose_name='état')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='attendu pour le')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='clos le')),
                ('voice_count', models.PositiveIntegerField(default=1, verbose_name='personnes')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.building')),
            ],
            options={
                'verbose_name': 'signalement',
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('label', models.CharField(max_length=120, verbose_name='nom')),
                ('hint', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('icon', models.CharField(blank=True, max_length=40, verbose_name='icône')),
                ('theme_code', models.SlugField(max_length=40, verbose_name='thème')),
                ('questions', models.JSONField(blank=True, default=list, verbose_name='questions')),
                ('delay_days', models.PositiveSmallIntegerField(default=10, verbose_name='délai, en jours ouvrés')),
                ('may_be_public', models.BooleanField(default=True, verbose_name='peut être public')),
                ('stop', models.CharField(blank=True, max_length=20, verbose_name='avertissement')),
                ('inside_only', models.BooleanField(default=False, verbose_name='seulement dans une résidence')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('active', models.BooleanField(default=True, verbose_name='proposée')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='reports.category')),
            ],
            options={
                'verbose_name': 'catégorie',
                'ordering': ['position', 'code'],
            },
        ),
        migrations.CreateModel(
            name='PrivatePlace',
            fields=[
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='private_place', serialize=False, to='reports.report')),
                ('dwelling', models.CharField(max_length=40, verbose_name='numéro de logement')),
            ],
            options={
                'verbose_name': 'logement',
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('author', 'a signalé'), ('also', 'moi aussi')], default='author', max_length=8)),
                ('nonce', models.CharField(max_length=22)),
                ('at', models.DateTimeField()),
                ('says', models.CharField(blank=True, choices=[('settled', 'c’est réglé'), ('not_yet', 'pas encore')], max_length=8)),
                ('said_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('greeted_at', models.DateTimeField(blank=True, null=True)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='reports.report')),
            ],
            options={
                'verbose_name': 'voix',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='report',
            name='category',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reports.category', verbose_name='catégorie'),
        ),
        migrations.AddField(
            model_name='report',
            name='commune',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='places.commune'),
        ),
        migrations.AddField(
            model_name='report',
            name='entrance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.entrance'),
        ),
        migrations.AddField(
            model_name='report',
            name='quartiers',
            field=models.ManyToManyField(blank=True, related_name='reports', to='places.quartier'),
        ),
        migrations.AddField(
            model_name='report',
            name='residence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='places.residence'),
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('before', 'avant'), ('after', 'après')], default='before', max_length=8)),
                ('file', models.FileField(upload_to='photos/%Y/%m/')),
                ('thumbnail', models.FileField(upload_to='photos/%Y/%m/')),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('shown', models.BooleanField(default=False, verbose_name='montrée')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='relue le')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partners.organisation')),
                ('voice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='photos', to='reports.voice')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='reports.report')),
            ],
            options={
                'verbose_name': 'photo',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=160, verbose_name='sa part')),
                ('state', models.CharField(choices=[('new', 'nouveau'), ('to_qualify', 'à qualifier'), ('taken', 'pris en charge'), ('scheduled', 'programmé'), ('settled', 'réglé'), ('dropped', 'sans suite')], default='new', max_length=12, verbose_name='état')),
                ('due_on', models.DateField(verbose_name='pour le')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='raison')),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='close le')),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('chased_on', models.DateField(blank=True, null=True, verbose_name='relancée le')),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('before', models.JSONField(blank=True, null=True)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='partners.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parts', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='reports.report')),
            ],
            options={
                'verbose_name': 'part',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='note')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='reports.report')),
            ],
            options={
                'verbose_name': 'note interne',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='message')),
                ('at', models.DateTimeField()),
                ('shown', models.BooleanField(default=False, verbose_name='montré')),
                ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='relu le')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                ('voice', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='reports.voice')),
                ('part', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='messages', to='reports.part')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='reports.report')),
            ],
            options={
                'verbose_name': 'message',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Callback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=40)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('voice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='callbacks', to='reports.voice')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='callbacks', to='reports.report')),
            ],
            options={
                'verbose_name': 'appel à passer',
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('voice', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='contact', serialize=False, to='reports.voice')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='reports.report')),
            ],
            options={
                'verbose_name': 'coordonnées',
            },
        ),
        migrations.AddIndex(
            model_name='voice',
            index=models.Index(condition=models.Q(('greeted_at', None)), fields=['at'], name='voices_to_greet'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['-at', '-id'], name='reports_by_age'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['state', '-at', '-id'], name='reports_by_state'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['commune', '-at', '-id'], name='reports_of_a_commune'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['latitude', 'longitude'], name='reports_on_the_map'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('reviewed_at', None)), fields=['at'], name='reports_to_review'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['-closed_at'], name='reports_closed'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('public', False), ('reviewed_at__isnull', False), _connector='OR'), name='report_is_public_only_once_reviewed', violation_error_message='Un signalement n’est public qu’après relecture.'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('text_shown', False), ('reviewed_at__isnull', False), _connector='OR'), name='report_text_is_shown_only_once_reviewed', violation_error_message='Un texte n’est montré qu’après relecture.'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ('settled', 'dropped'))), models.Q(models.Q(('state__in', ('settled', 'dropped')), _negated=True), ('closed_at', None)), _connector='OR'), name='report_is_closed_with_a_date', violation_error_message='Un signalement clos porte une date de clôture, un signalement ouvert aucune.'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('shown', False), ('reviewed_at__isnull', False), _connector='OR'), name='photo_is_shown_only_once_reviewed', violation_error_message='Une photo n’est montrée qu’après relecture.'),
        ),
        migrations.AddIndex(
            model_name='part',
            index=models.Index(fields=['organisation', 'state', 'due_on'], name='parts_of_an_organisation'),
        ),
        migrations.AddIndex(
            model_name='part',
            index=models.Index(condition=models.Q(('state__in', ('settled', 'dropped')), _negated=True), fields=['due_on'], name='parts_due'),
        ),
        migrations.AddIndex(
            model_name='part',
            index=models.Index(condition=models.Q(('told_at', None)), fields=['created_at'], name='parts_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('settled', 'dropped')), _negated=True), fields=('report', 'organisation'), name='an_organisation_has_one_open_part', violation_error_message='Cette organisation a déjà une part ouverte de ce signalement.'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='part_dropped_gives_a_reason', violation_error_message='Dites pourquoi cette part reste sans suite.'),
        ),
        migrations.AddConstraint(
            model_name='part',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state__in', ('settled', 'dropped'))), models.Q(models.Q(('state__in', ('settled', 'dropped')), _negated=True), ('closed_at', None)), _connector='OR'), name='part_is_closed_with_a_date', violation_error_message='Une part close porte une date de clôture, une part ouverte aucune.'),
        ),
        migrations.AddConstraint(
            model_name='callback',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at', None)), fields=('voice',), name='a_person_is_called_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='contact_has_an_address', violation_error_message='Donnez une adresse électronique ou un téléphone.'),
        ),
    ]
