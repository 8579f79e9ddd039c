"""Two people on one form: nothing saved is overwritten, and nothing typed is lost."""

import pytest
from django.urls import reverse

from claims import workflow
from claims.models import Claim, Evidence, Review, Speaker
from sources.models import Source

from . import factories
from .test_admin import form_of


@pytest.fixture
def rita(desk):
    return desk


@pytest.fixture
def eddie(editors_desk):
    return editors_desk


@pytest.fixture
def claim(ratings):
    return factories.make_claim(
        "Taxes doubled.", selection_reason="Often said.", what_would_settle="The ledger."
    )


@pytest.fixture
def draft(claim, reviewer):
    """A draft with one piece of evidence, on the page of the claim."""
    draft = factories.make_review(claim, author=reviewer)
    factories.make_evidence(draft, summary="Gives the figures.")
    return draft


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(browser, row):
    """Return the form as somebody has it open, before they type."""
    return form_of(browser.get(page_of(row)))


def save(browser, row, form, status=302, **typed):
    response = browser.post(page_of(row), {**form, **typed, "_continue": ""})
    assert response.status_code == status, problems_in(response)
    return response


def problems_in(response):
    context = response.context or {}
    return [
        context.get("errors"),
        *(inline.formset.errors for inline in context.get("inline_admin_formsets", [])),
    ]


def hidden(response):
    """Return what the conflict screen sends along."""
    context = response.context
    return {
        "_resolve": "chosen",
        "_opened": context["opened"],
        **context["edit_numbers"],
        **dict(context["typed"]),
    }


def parts(response):
    return {part.name: part for part in response.context["parts"]}


def test_who_saves_second_overwrites_nothing_and_sees_both_wordings(rita, eddie, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="Said in parliament.")

    answer = save(rita, claim, hers, 409, selection_reason="A million readers.")

    html = answer.content.decode()
    assert "Eddie Editor saved it at" in html
    assert "Said in parliament." in html
    assert "A million readers." in html
    assert Claim.objects.get().selection_reason == "Said in parliament."


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"_keep:selection_reason": "mine"}, "Hers."),
        ({"_keep:selection_reason": "theirs"}, "His."),
        ({"_keep:selection_reason": "mine", "_write:selection_reason": "Both."}, "Both."),
        ({"_write:selection_reason": "Both."}, "Both."),
    ],
)
def test_of_a_part_that_both_changed_the_person_chooses_or_writes_afresh(
    rita, eddie, claim, said, kept
):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    clash = save(rita, claim, hers, 409, selection_reason="Hers.")

    save(rita, claim, hidden(clash), **said)

    assert Claim.objects.get().selection_reason == kept


def test_without_a_choice_nothing_is_saved_and_the_screen_asks_again(rita, eddie, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    clash = save(rita, claim, hers, 409, selection_reason="Hers.")

    asked = save(rita, claim, hidden(clash), 409)

    assert "Choose one of the two for every part" in asked.content.decode()
    assert parts(asked)["selection_reason"].mine == "Hers."
    assert Claim.objects.get().selection_reason == "His."


def test_parts_that_one_person_alone_changed_keep_that_change(rita, eddie, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    clash = save(rita, claim, hers, 409, what_would_settle="Hers.")
    offered = parts(clash)["selection_reason"].chosen

    save(rita, claim, hidden(clash), **{"_keep:selection_reason": offered})

    assert offered == "theirs"
    stored = Claim.objects.get()
    assert (stored.selection_reason, stored.what_would_settle) == ("His.", "Hers.")


def test_a_third_save_during_the_choice_is_not_overwritten_either(rita, eddie, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    clash = save(rita, claim, hers, 409, selection_reason="Hers.")
    save(eddie, claim, opened(eddie, claim), selection_reason="His again.")

    again = save(rita, claim, hidden(clash), 409, **{"_keep:selection_reason": "mine"})

    assert parts(again)["selection_reason"].theirs == "His again."
    assert Claim.objects.get().selection_reason == "His again."
    save(rita, claim, hidden(again), **{"_keep:selection_reason": "mine"})
    assert Claim.objects.get().selection_reason == "Hers."


def test_the_draft_on_the_page_of_its_claim_is_guarded_too(rita, eddie, draft, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, **{"reviews-0-finding": "His finding."})

    clash = save(rita, claim, hers, 409, **{"reviews-0-finding": "Her finding."})
    save(rita, claim, hidden(clash), **{"_keep:reviews-0-finding": "mine"})

    assert Review.objects.get().finding == "Her finding."


def test_a_draft_saved_on_its_own_page_meets_the_page_of_its_claim(rita, eddie, draft, claim):
    hers = opened(rita, claim)
    save(eddie, draft, opened(eddie, draft), finding="His finding.")

    clash = save(rita, claim, hers, 409, **{"reviews-0-finding": "Her finding."})

    assert parts(clash)["reviews-0-finding"].theirs == "His finding."


def test_two_ratings_are_shown_by_their_words(rita, eddie, draft, claim, ratings):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, **{"reviews-0-rating": ratings["false"].pk})

    clash = save(rita, claim, hers, 409, **{"reviews-0-rating": ratings["true"].pk})

    part = parts(clash)["reviews-0-rating"]
    assert (part.theirs, part.mine, part.chosen) == ("False", "True", "")


def test_topics_that_both_changed_are_shown_by_their_names(rita, eddie, claim):
    taxes, schools = factories.make_topic("Taxes"), factories.make_topic("Schools")
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, topics=[taxes.pk])

    clash = save(rita, claim, hers, 409, topics=[schools.pk])
    save(rita, claim, hidden(clash), **{"_keep:topics": "theirs"})

    assert (parts(clash)["topics"].theirs, parts(clash)["topics"].mine) == ("Taxes", "Schools")
    assert list(claim.topics.all()) == [taxes]


def test_words_typed_about_a_source_that_somebody_removed_can_be_copied(rita, eddie, draft, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, **{"evidence-0-DELETE": "on"})

    clash = save(rita, claim, hers, 409, **{"evidence-0-summary": "Typed for an hour."})

    assert ("summary", "Typed for an hour.") in clash.context["lost"]
    assert "Typed for an hour." in clash.content.decode()
    save(rita, claim, hidden(clash), selection_reason="Hers.")
    assert Claim.objects.get().selection_reason == "Hers."
    assert not Evidence.objects.exists()


def test_a_source_that_somebody_added_meanwhile_stays(rita, eddie, draft, claim):
    hers = opened(rita, claim)
    his = opened(eddie, claim)
    save(
        eddie,
        claim,
        his,
        **{
            "evidence-TOTAL_FORMS": "2",
            "evidence-1-source": factories.make_source().pk,
            "evidence-1-stance": "context",
            "evidence-1-summary": "Added by Eddie.",
            "evidence-1-position": "1",
        },
    )

    clash = save(rita, claim, hers, 409, selection_reason="Hers.")
    save(rita, claim, hidden(clash))

    assert Claim.objects.get().selection_reason == "Hers."
    assert Evidence.objects.filter(summary="Added by Eddie.").exists()


def test_a_source_that_i_added_survives_the_conflict(rita, eddie, draft, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    added = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-1-source": factories.make_source().pk,
        "evidence-1-stance": "context",
        "evidence-1-summary": "Added by Rita.",
        "evidence-1-position": "1",
    }

    clash = save(rita, claim, hers, 409, **added)
    save(rita, claim, hidden(clash), **{"_keep:selection_reason": "theirs"})

    assert Evidence.objects.filter(summary="Added by Rita.").exists()
    assert Claim.objects.get().selection_reason == "His."


def test_what_was_typed_into_a_draft_that_was_sent_on_is_not_lost(
    rita, eddie, draft, claim, reviewer
):
    his = opened(eddie, claim)
    workflow.submit(draft, by=reviewer)

    clash = save(eddie, claim, his, 409, **{"reviews-0-finding": "Typed too late."})

    assert "Typed too late." in clash.content.decode()
    assert Review.objects.get().finding != "Typed too late."


@pytest.mark.parametrize("number", [None, "", "x", "0", "9" * 30, "-1"])
def test_a_form_without_its_number_is_not_saved(rita, claim, number):
    form = opened(rita, claim)
    name = f"edit_number-claim-{claim.pk}"
    form.pop(name)
    form |= {} if number is None else {name: number}

    save(rita, claim, form, 409, selection_reason="Hers.")

    assert Claim.objects.get().selection_reason == "Often said."


@pytest.mark.parametrize("packed", ["", "forged", "a:b:c", None])
def test_a_form_that_does_not_say_what_it_showed_still_shows_both(rita, eddie, claim, packed):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, selection_reason="His.")
    hers.pop("_opened")
    hers |= {} if packed is None else {"_opened": packed}

    clash = save(rita, claim, hers, 409, selection_reason="Hers.")

    part = parts(clash)["selection_reason"]
    assert (part.mine, part.theirs, part.chosen) == ("Hers.", "His.", "")


def test_forged_keys_of_rows_are_no_fault_of_the_server(rita, eddie, draft, claim):
    hers, his = opened(rita, claim), opened(eddie, claim)
    save(eddie, claim, his, **{"reviews-0-finding": "His."})

    for forged in ("x", "[]", "9" * 40):
        save(rita, claim, hers, 409, **{"reviews-0-rating": forged, "speaker": forged})


def test_a_save_with_an_error_keeps_its_number_and_goes_through_when_mended(rita, claim):
    form = opened(rita, claim)

    wrong = save(rita, claim, form, 200, text="")
    mended = form_of(wrong)
    save(rita, claim, {**mended, "_opened": form["_opened"]}, text="Taxes trebled.")

    assert Claim.objects.get().text == "Taxes trebled."


def test_an_error_does_not_hide_that_somebody_saved_meanwhile(rita, eddie, claim):
    form = opened(rita, claim)
    wrong = save(rita, claim, form, 200, text="", selection_reason="Hers.")
    mended = form_of(wrong)
    save(eddie, claim, opened(eddie, claim), selection_reason="His.")

    clash = save(rita, claim, mended, 409, text="Taxes trebled.")

    assert parts(clash)["selection_reason"].theirs == "His."


def test_speakers_and_sources_are_guarded_as_claims_are(rita, eddie):
    speaker, source = factories.make_speaker("A. Speaker"), factories.make_source("The record")
    for row, field in ((speaker, "name"), (source, "title")):
        hers, his = opened(rita, row), opened(eddie, row)
        save(eddie, row, his, **{field: "His words"})
        save(rita, row, hers, 409, **{field: "Her words"})

    assert Speaker.objects.get().name == "His words"
    assert Source.objects.get(pk=source.pk).title == "His words"


def test_evidence_saved_on_its_own_page_counts_as_an_edit_of_its_draft(rita, eddie, draft, claim):
    evidence = draft.evidence.get()
    hers = opened(rita, claim)
    save(eddie, evidence, opened(eddie, evidence), summary="His summary.")

    clash = save(rita, claim, hers, 409, **{"evidence-0-summary": "Her summary."})

    assert parts(clash)["evidence-0-summary"].theirs == "His summary."


def test_who_may_not_change_a_row_meets_no_conflict_screen(eddie, claim, client, administrator):
    client.force_login(administrator)

    assert client.post(page_of(claim), {"selection_reason": "Forged."}).status_code == 403
    assert Claim.objects.get().selection_reason == "Often said."
