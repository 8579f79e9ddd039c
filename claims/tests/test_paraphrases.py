"""A reader types a sentence of the seed article in other words, and the right claim comes first.

The twenty were written before any was tried, and none was changed so that it would be found.
"""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from claims import embedding
from claims.matching import by_meaning, similar_claims
from claims.models import Appearance

PARAPHRASES = json.loads(Path(__file__).with_name("paraphrases.json").read_text())
NOT_REACHED = {"梁文锋说，中国公司要达到同样的效果，需要两倍的算力。"}
"""It shares no word with the English claim, and the model of meaning reads English only."""


@pytest.fixture(scope="module")
def seed(django_db_setup, django_db_blocker):
    """The seed article with its claims, and what each claim is called in its file."""
    rows = json.loads((settings.BASE_DIR / "seeds" / "article" / "claims.json").read_text())
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seed", stdout=io.StringIO())
        by_meaning.compute_due()
        passages = dict(Appearance.objects.values_list("exact", "claim"))
        yield {passages[row["quote"]]: row["id"] for row in rows}
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("meant", [True, False], ids=["by meaning", "by words alone"])
def test_the_sentence_in_other_words_leads_to_its_claim(seed, meant, monkeypatch):
    if meant and not embedding.is_available():
        pytest.skip("No model is installed.")
    if not meant:
        monkeypatch.setattr(embedding, "is_available", lambda: False)

    led_to = {
        text: [seed[match.claim.pk] for match in similar_claims(text, 1)]
        for _name, text in PARAPHRASES
    }

    reached = {text for name, text in PARAPHRASES if led_to[text] == [name]}
    assert {text for _name, text in PARAPHRASES} - reached == NOT_REACHED
