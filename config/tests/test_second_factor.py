"""Programs that use the session of a person without a second factor."""

import pytest

from claims.models import Claim
from claims.tests.factories import make_claim


@pytest.mark.parametrize(
    ("role", "code", "becomes"),
    [("editor", 403, Claim.Status.NEW), ("reviewer", 200, Claim.Status.IN_REVIEW)],
)
def test_the_api_takes_no_step_of_a_person_who_lacks_a_needed_second_factor(
    client, request, settings, role, code, becomes
):
    settings.MFA_REQUIRED = True
    client.force_login(request.getfixturevalue(role))
    claim = make_claim(status=Claim.Status.NEW)

    response = client.post(f"/api/v1/claims/{claim.pk}/accept/", content_type="application/json")

    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (code, becomes)
    if code == 403:
        assert response.headers["Content-Type"] == "application/problem+json"
        assert "second factor" in response.json()["detail"]
