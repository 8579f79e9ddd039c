"""Programs that use the session of a person without a second factor."""

import pytest
from django.test import override_settings
from django.urls import path
from rest_framework.authentication import SessionAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

from config import urls


class Desk(APIView):
    authentication_classes = [SessionAuthentication]

    def get(self, request):
        return Response({"user": request.user.username})


urlpatterns = [path("api/desk", Desk.as_view()), *urls.urlpatterns]


@override_settings(ROOT_URLCONF="config.tests.test_second_factor", MFA_REQUIRED=True)
@pytest.mark.parametrize(("role", "status"), [("editor", 403), ("reviewer", 200)])
def test_the_api_refuses_sessions_that_lack_a_needed_second_factor(client, request, role, status):
    client.force_login(request.getfixturevalue(role))

    response = client.get("/api/desk")

    assert response.status_code == status
    assert (response.json().get("code") == "permission_denied") == (status == 403)
