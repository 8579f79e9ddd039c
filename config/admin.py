"""Which admin the site runs."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django’s admin with the work queue as its first page."""

    default_site = "config.desk.Desk"
