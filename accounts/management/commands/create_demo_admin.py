"""Make the account that a newcomer signs in with."""

import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import User


class Command(BaseCommand):
    help = "Make an administrator’s account with a generated password, once."

    def handle(self, *args: Any, **options: Any) -> None:
        existing = User.objects.filter(is_superuser=True).order_by("pk").first()
        if existing:
            self.stdout.write(
                f"Sign in as {existing.username}. For a new password: "
                f"{sys.executable} manage.py changepassword {existing.username}"
            )
            return
        password = secrets.token_urlsafe(15)
        User.objects.create_superuser("admin", password=password, display_name="Administrator")
        self.stdout.write(
            f"Sign in as admin with the password {password}\n"
            "It is shown this once. Change it under “Your account”."
        )
