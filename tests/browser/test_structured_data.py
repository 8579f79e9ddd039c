"""What machines read on the pages of published claims."""

import os
import re
import subprocess

import pytest
from django.test import Client

from claims.models import Claim

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SDTT = os.environ.get("SDTT", "")


def verdict_of_tool(page):
    """Return what structured-data-testing-tool says. It exits with 0 whatever it finds."""
    ran = subprocess.run(
        [SDTT, "--file", str(page), "--presets", "Google", "--schemas", "jsonld:ClaimReview"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ANSI_COLOUR.sub("", ran.stdout + ran.stderr)


@pytest.mark.skipif(not SDTT, reason="SDTT does not name the structured-data-testing-tool")
def test_claim_page_of_each_verdict_is_valid_claim_review(site, tmp_path):
    claims = list(Claim.objects.published())
    assert len(claims) == 12

    for claim in claims:
        page = tmp_path / f"{claim.pk}.html"
        page.write_bytes(Client().get(claim.get_absolute_url()).content)
        said = verdict_of_tool(page)

        assert "Google > ClaimReview > #0 (jsonld) - 100%" in said, said
        assert not re.search(r"[1-9]\d* failed|[1-9]\d* warning", said), said
