import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import sources.partial_dates


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0012_add_public_copy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalPrivateDetail",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Who it is, how to reach them, what was agreed. Only those whose role lets them read this do; it is in no search, no mail and no log.",
                        verbose_name="private detail",
                    ),
                ),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical private detail",
                "verbose_name_plural": "historical private detail",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": (),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PrivateDetail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="Who it is, how to reach them, what was agreed. Only those whose role lets them read this do; it is in no search, no mail and no log.",
                        verbose_name="private detail",
                    ),
                ),
            ],
            options={
                "verbose_name": "private detail",
                "verbose_name_plural": "private detail",
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="interest",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A stake of who made this document in what it says, such as a state institute writing about its own country’s industry. Readers see this beside its name.",
                verbose_name="interest",
            ),
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="is_confidential",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Readers see its title, so write it as they may see it (“A former employee of the ministry”), and how we know it. They never see a kept copy. What tells who it is goes into the private detail alone.",
                verbose_name="confidential",
            ),
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="retracted_on",
            field=sources.partial_dates.PartialDateField(
                blank=True,
                db_default="",
                default="",
                help_text="When its publisher withdrew this document: 2024, 2024-07 or 2024-07-02. Empty when it stands. Readers see this.",
                max_length=10,
                verbose_name="retracted on",
            ),
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="retraction_note",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="What the publisher says about it. Readers see this.",
                verbose_name="why it was retracted",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="interest",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="A stake of who made this document in what it says, such as a state institute writing about its own country’s industry. Readers see this beside its name.",
                verbose_name="interest",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="is_confidential",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Readers see its title, so write it as they may see it (“A former employee of the ministry”), and how we know it. They never see a kept copy. What tells who it is goes into the private detail alone.",
                verbose_name="confidential",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="retracted_on",
            field=sources.partial_dates.PartialDateField(
                blank=True,
                db_default="",
                default="",
                help_text="When its publisher withdrew this document: 2024, 2024-07 or 2024-07-02. Empty when it stands. Readers see this.",
                max_length=10,
                verbose_name="retracted on",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="retraction_note",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="What the publisher says about it. Readers see this.",
                verbose_name="why it was retracted",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_confidential", False), ("url", ""), _connector="OR"),
                name="confidential_source_has_no_address",
                violation_error_message="A confidential source has no address. Write it into the private detail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_confidential", False), ("author", ""), _connector="OR"),
                name="confidential_source_names_no_author",
                violation_error_message="A confidential source names no author. Write the name into the private detail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_confidential", False), ("publisher", None), _connector="OR"
                ),
                name="confidential_source_names_no_publisher",
                violation_error_message="A confidential source names no publisher. Write it into the private detail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_confidential", False), ("based_on", None), _connector="OR"),
                name="confidential_source_is_based_on_no_other",
                violation_error_message="A confidential source is based on no other. Write it into the private detail.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_confidential", False),
                    models.Q(("access_note", ""), _negated=True),
                    _connector="OR",
                ),
                name="confidential_source_says_how_we_know_it",
                violation_error_message="Tell readers under “how we know it” why they can rely on a source unnamed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.In(
                        django.db.models.functions.text.Length("retracted_on"), [0, 4, 7, 10]
                    )
                ),
                name="source_retracted_on_is_a_partial_date",
                violation_error_message="Write the date as 2024, 2024-07 or 2024-07-02.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("retraction_note", ""),
                    models.Q(("retracted_on", ""), _negated=True),
                    _connector="OR",
                ),
                name="retraction_note_has_its_date",
                violation_error_message="Say when the document was retracted, too.",
            ),
        ),
        migrations.AddField(
            model_name="historicalprivatedetail",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalprivatedetail",
            name="source",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sources.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="privatedetail",
            name="source",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="private_detail",
                to="sources.source",
                verbose_name="source",
            ),
        ),
    ]
