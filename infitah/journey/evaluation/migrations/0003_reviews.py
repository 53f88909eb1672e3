"""Reviews come here from the room of the national plan, whose own migration has renamed their table; and each judgement
may stand on an explanation of its own."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import infitah.lib.i18n

DEGREES = [
    ("worsened", "Worsened"),
    ("unchanged", "Did not change"),
    ("marginal", "Marginal"),
    ("major", "Major"),
    ("outstanding", "Outstanding"),
    ("not_applicable", "Not applicable"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0002_grid"),
        ("plan", "0002_review_moves"),
        ("projects", "0003_amendments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Review',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('action_plan', 'Action plan review'), ('results', 'Results report')], max_length=11)),
                        ('reviewer', models.CharField(max_length=200)),
                        ('reviewed_on', models.DateField()),
                        ('source', models.URLField(max_length=400)),
                        ('verifiable', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No')], max_length=3)),
                        ('lens', models.CharField(blank=True, choices=[('yes', 'Yes'), ('no', 'No')], max_length=3)),
                        ('potential', models.CharField(blank=True, choices=[('unclear', 'Unclear'), ('modest', 'Modest'), ('substantial', 'Substantial')], max_length=11)),
                        ('completion', models.CharField(blank=True, choices=[('no_evidence', 'No evidence'), ('not_started', 'Not started'), ('limited', 'Limited'), ('substantial', 'Substantial'), ('complete', 'Complete')], max_length=12)),
                        ('early_results', models.CharField(blank=True, choices=[('none', 'No notable results'), ('moderate', 'Moderate'), ('significant', 'Significant')], max_length=11)),
                        ('opening', models.CharField(blank=True, choices=[('worsened', 'Worsened'), ('unchanged', 'Did not change'), ('marginal', 'Marginal'), ('major', 'Major'), ('outstanding', 'Outstanding')], max_length=11)),
                        ('words', infitah.lib.i18n.LocalizedField(default=infitah.lib.i18n.Localized)),
                        ('key', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='projects.project')),
                    ],
                    options={
                        'ordering': ['-reviewed_on', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('reviewer', ''), _negated=True)), name='reviewed_by_someone_somewhere'), models.CheckConstraint(condition=models.Q(('completion', ''), ('early_results', ''), ('lens', ''), ('opening', ''), ('potential', ''), ('verifiable', ''), _negated=True), name='a_review_judges_something')],
                    },
                ),
            ]
        ),
        migrations.AddField("review", "information", models.CharField(blank=True, choices=DEGREES, max_length=14)),
        migrations.AddField("review", "participation", models.CharField(blank=True, choices=DEGREES, max_length=14)),
        migrations.AddField("review", "accountability", models.CharField(blank=True, choices=DEGREES, max_length=14)),
        migrations.AddField("review", "addressed", models.CharField(blank=True, choices=[("yes", "Yes"), ("no", "No")], max_length=3)),
        migrations.AddField("review", "lessons", infitah.lib.i18n.LocalizedField(default=infitah.lib.i18n.Localized)),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scale', models.CharField(max_length=14)),
                ('explanation', models.TextField()),
                ('language', models.CharField(choices=[('ar', 'Arabic'), ('ary', 'Darija'), ('zgh', 'Tamazight'), ('fr', 'French'), ('en', 'English'), ('es', 'Spanish'), ('und', 'Another language')], default='ar', max_length=3)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('file', models.FileField(blank=True, upload_to='evaluation/%Y/')),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'ordering': ['review', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='reviewed_by_someone_somewhere',
        ),
        migrations.RemoveConstraint(
            model_name='review',
            name='a_review_judges_something',
        ),
        migrations.AlterField(
            model_name='review',
            name='kind',
            field=models.CharField(choices=[('action_plan', 'Action plan review'), ('results', 'Results report'), ('inception', 'Inception assessment'), ('end', 'End-of-commitment report')], max_length=11),
        ),
        migrations.AlterField(
            model_name='review',
            name='source',
            field=models.URLField(blank=True, max_length=400),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewer', ''), _negated=True), models.Q(models.Q(('source', ''), _negated=True), ('kind__in', ['inception', 'end']), _connector='OR')), name='reviewed_by_someone_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('accountability', ''), ('addressed', ''), ('completion', ''), ('early_results', ''), ('information', ''), ('lens', ''), ('opening', ''), ('participation', ''), ('potential', ''), ('verifiable', ''), _negated=True), name='a_review_judges_something'),
        ),
        migrations.AddField(
            model_name='finding',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='evaluation.review'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('review', 'scale'), name='a_judgement_is_explained_once'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('explanation', ''), _negated=True), name='found_with_an_explanation'),
        ),
    ]
