from django.db import migrations
from django.db.models.functions import Lower


def lower_emails(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    users.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_add_invitation")]

    operations = [migrations.RunPython(lower_emails, migrations.RunPython.noop)]
