"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe

from claims.urls import machine_urlpatterns

from .languages import choose_language

# The admin's own sign-in knows no second factor: it only sends people to the one there is, and
# takes no password from anybody, signed in or not.
admin.site.login = secure_admin_login(require_safe(admin.site.login))  # type: ignore[method-assign]

urlpatterns = [
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("claims.api.urls")),
    path("language/<str:language>/", choose_language, name="language"),
    path("", include(machine_urlpatterns)),
    *i18n_patterns(
        path("", include("claims.urls")),
        path("", include("tips.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "config.errors.bad_request"
