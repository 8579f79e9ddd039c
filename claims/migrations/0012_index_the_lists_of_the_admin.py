from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0008_default_the_columns_of_the_gate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="review",
            name="open_review_oldest_first",
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "id"], name="claim_by_status_and_number"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                fields=["status", "id", "author"], name="review_by_status_and_number"
            ),
        ),
    ]
