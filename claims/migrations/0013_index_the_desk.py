from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0012_add_history_of_edits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="claim",
            name="claim_to_be_worked_on",
        ),
        migrations.RemoveIndex(
            model_name="review",
            name="review_to_look_at_again",
        ),
        migrations.RemoveIndex(
            model_name="review",
            name="open_review_oldest_first",
        ),
        migrations.RemoveIndex(
            model_name="review",
            name="open_review_by_author",
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "id"], name="claim_by_status_and_number"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("status", "new"), ("status", "in_review"), _connector="OR"),
                fields=["assigned_to", "id", "status"],
                name="claim_to_be_worked_on",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["status", "id", "author"], name="review_by_status_and_number"
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("status", "draft"), ("status", "submitted"), _connector="OR"),
                fields=["author", "id", "status"],
                name="open_review_by_author",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("look_again_on__isnull", False)),
                fields=["look_again_on", "id", "status"],
                name="review_to_look_at_again",
            ),
        ),
    ]
