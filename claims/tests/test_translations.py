"""Checks that say the same in other languages."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from claims.models import Claim
from claims.tests import factories
from claims.tests.test_claim_page import structured_data


@pytest.fixture
def original(published_claim):
    return published_claim


def translated(original, language="fr", **fields):
    return factories.make_published_claim(
        f"En {language}", language=language, translation_of=original, **fields
    )


def page(client, claim):
    return client.get(f"/claims/{claim.pk}/").content.decode()


def test_each_check_leads_to_those_in_other_languages(client, original):
    french, spanish = translated(original), translated(original, "es")

    for here, others in ((original, (french, spanish)), (french, (original, spanish))):
        html = page(client, here)
        (document,) = structured_data(html)
        assert {other["inLanguage"] for other in document["workTranslation"]} == {
            other.language for other in others
        }
        for other in others:
            address = f"/claims/{other.pk}/"
            alternate = f'hreflang="{other.language}" href="http://testserver{address}"'
            assert f'<link rel="alternate" {alternate}>' in html
            assert f'<a href="{address}" lang="{other.language}"' in html
        assert f'hreflang="{here.language}" href="http' not in html


@pytest.mark.parametrize("status", ["new", "declined"])
def test_a_translation_that_is_not_public_is_not_told(client, original, status):
    factories.make_claim("SECRET", language="fr", translation_of=original, status=status)

    html = page(client, original)

    assert "SECRET" not in html
    assert "In other languages" not in html


def test_a_translation_of_what_is_not_public_does_not_tell_of_it(client, ratings):
    hidden = factories.make_claim("SECRET", status="declined")

    html = page(client, translated(hidden))

    assert "SECRET" not in html
    assert f"/claims/{hidden.pk}/" not in html


def test_translations_name_the_original(original):
    french = translated(original)
    spanish = factories.make_claim("En es", language="es", translation_of=french)
    other = factories.make_claim("Other", language="de")
    refused = {
        "That is a translation itself": spanish,
        "That is in the same language": factories.make_claim(
            "Same", language="EN", translation_of=original
        ),
        "Others name this one": original,
    }
    original.translation_of = other

    for sentence, claim in refused.items():
        with pytest.raises(ValidationError) as told:
            claim.full_clean()
        (said,) = told.value.message_dict["translation_of"]
        assert said.startswith(sentence)


def test_no_claim_translates_itself(original):
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=original.pk).update(translation_of=original.pk)
