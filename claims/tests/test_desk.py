"""The editors’ desk: the queue, one screen to a claim, and the second person’s page."""

import datetime

import pytest
from django.urls import reverse

from claims import workflow
from claims.models import Appearance, Claim, Evidence, Review, Transition

from . import factories
from .test_admin import form_of

QUEUE = "/admin/"


@pytest.fixture
def submitted(ratings, reviewer):
    review = factories.make_review(author=reviewer, finding="The record says otherwise.")
    factories.make_evidence(review)
    workflow.submit(review, by=reviewer)
    return review


def claim_page(claim):
    return reverse("admin:claims_claim_change", args=[claim.pk])


def approve_page(review):
    return reverse("admin:claims_review_approve", args=[review.pk])


def section(html, name):
    """Return the part of the queue with that id."""
    start = html.index(f'id="{name}"')
    return html[start : html.index("</section>", start)]


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_queue_shows_an_editor_what_waits_for_a_second_person(editors_desk, submitted):
    waiting = section(get(editors_desk, QUEUE), "second")

    assert str(submitted.claim) in waiting
    assert approve_page(submitted) in waiting
    assert "Rita Reviewer" in waiting
    assert "Mostly true" in waiting


def test_the_queue_shows_nobody_their_own_words_for_a_second_look(editors_desk, ratings, editor):
    own = factories.make_review(author=editor)
    workflow.submit(own, by=editor)

    html = get(editors_desk, QUEUE)

    assert str(own.claim) not in section(html, "second")
    assert "With a second person" in section(html, "own")


def test_the_queue_leaves_out_what_somebody_wrote_in_or_stepped_aside_from(
    editors_desk, submitted, editor, ratings, reviewer
):
    other = factories.make_review(author=reviewer)
    workflow.submit(other, by=reviewer)
    submitted.contributors.add(editor)
    workflow.recuse(other.claim, by=editor, reason="My brother works there.")

    assert "Nothing waits for you" in section(get(editors_desk, QUEUE), "second")


def test_the_queue_tells_an_author_what_was_sent_back_and_why(desk, submitted, editor):
    workflow.send_back(submitted, by=editor, reason="Both sources copy one wire story.")

    own = section(get(desk, QUEUE), "own")

    assert "Sent back" in own
    assert "Both sources copy one wire story." in own
    assert "Mend it" in own


def test_the_queue_shows_what_nobody_works_on_and_what_is_mine_but_not_begun(
    desk, editor, reviewer
):
    free = factories.make_claim("Nobody looks at this one.")
    given = factories.make_claim("Rita is to look at this one.")
    workflow.assign(given, by=editor, to=reviewer)

    html = get(desk, QUEUE)

    assert str(free) in section(html, "unassigned")
    assert str(given) not in section(html, "unassigned")
    assert "Not begun" in section(html, "own")


def test_a_verdict_past_its_day_stands_in_the_queue(desk, published_claim):
    reviews = Review.objects.filter(claim=published_claim)
    reviews.update(look_again_on=datetime.date(2026, 1, 1))
    overdue = section(get(desk, QUEUE), "again")
    reviews.update(look_again_on=datetime.date(2999, 1, 1))
    later = section(get(desk, QUEUE), "again")

    assert str(published_claim) in overdue
    assert "No verdict is overdue." in later


def test_the_queue_takes_the_same_number_of_queries_however_much_waits(
    editors_desk, ratings, reviewer, editor, django_assert_num_queries
):
    def fill():
        for _ in range(2):
            waiting = factories.make_review(author=reviewer)
            workflow.submit(waiting, by=reviewer)
            factories.make_review(author=editor)
            factories.make_claim()
            published = factories.make_published_claim(author=reviewer, approver=editor)
            Review.objects.filter(claim=published).update(look_again_on=datetime.date(2026, 1, 1))

    fill()
    editors_desk.get(QUEUE)
    with django_assert_num_queries(28) as before:
        editors_desk.get(QUEUE)
    fill()
    with django_assert_num_queries(len(before)):
        editors_desk.get(QUEUE)


def test_the_queue_counts_no_further_than_its_bound(editors_desk, monkeypatch):
    monkeypatch.setattr("claims.queue.MOST_COUNTED", 3)
    for _ in range(5):
        factories.make_claim()

    assert "Unassigned (3+)" in get(editors_desk, QUEUE)


def test_an_editor_gives_several_claims_to_a_colleague_at_once(editors_desk, reviewer):
    claims = [factories.make_claim() for _ in range(3)]
    chosen = [claim.pk for claim in claims[:2]]

    response = editors_desk.post(
        "/admin/assign/", {"claim": chosen, "to": reviewer.username}, follow=True
    )

    assert "2 claims were given." in response.content.decode()
    given = Claim.objects.filter(assigned_to=reviewer).values_list("pk", flat=True)
    assert sorted(given) == sorted(chosen)
    assert Transition.objects.filter(verb="assign").count() == 2


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30]])
def test_giving_no_claim_changes_nothing_and_says_so(editors_desk, reviewer, chosen):
    factories.make_claim()

    response = editors_desk.post("/admin/assign/", {"claim": chosen, "to": reviewer.username})

    assert response.status_code == 302
    assert not Transition.objects.exists()


def test_giving_a_claim_to_somebody_unknown_is_refused(editors_desk):
    claim = factories.make_claim()

    response = editors_desk.post(
        "/admin/assign/", {"claim": [claim.pk], "to": "nobody-here"}, follow=True
    )

    assert "Select a valid choice" in response.content.decode()
    assert not Transition.objects.exists()


def test_a_reviewer_takes_a_claim_that_nobody_has_with_the_draft_on_it(
    desk, reviewer, ratings, editor
):
    left = factories.make_draft(author=editor)
    workflow.assign(left.claim, by=editor, to=None)

    response = desk.post("/admin/assign/", {"take": left.claim_id})

    assert response.url == claim_page(left.claim)
    left.refresh_from_db()
    assert left.author == reviewer
    assert list(left.contributors.all()) == [editor]
    assert Claim.objects.get(pk=left.claim_id).assigned_to == reviewer


def test_nobody_takes_a_claim_that_a_colleague_has(desk, editors_desk, reviewer, editor):
    claim = factories.make_claim()
    workflow.assign(claim, by=editor, to=editor)

    response = desk.post("/admin/assign/", {"take": claim.pk}, follow=True)
    forced = desk.post("/admin/assign/", {"claim": claim.pk, "to": reviewer.username}, follow=True)

    assert "Somebody has it already." in response.content.decode()
    assert "Eddie Editor works on this claim." in forced.content.decode()
    assert Claim.objects.get().assigned_to == editor


def test_a_reviewer_gives_no_claim_to_somebody_else(desk, editor):
    claim = factories.make_claim()

    response = desk.post("/admin/assign/", {"claim": claim.pk, "to": editor.username}, follow=True)

    assert "Your account may not do this" in response.content.decode()
    assert Claim.objects.get().assigned_to is None


def test_the_desk_gives_claims_by_post_only(editors_desk):
    assert editors_desk.get("/admin/assign/").status_code == 405


def test_somebody_without_a_role_sees_no_queue(client, db):
    client.force_login(factories.make_person("Nora", is_staff=True))
    factories.make_claim("A claim that is not public.", status=Claim.Status.NEW)

    assert "A claim that is not public." not in get(client, QUEUE)


def test_one_save_on_the_page_of_a_claim_stores_its_draft_and_its_sources(desk, ratings, reviewer):
    draft = factories.make_review(author=reviewer)
    posted = form_of(desk.get(claim_page(draft.claim)))
    posted |= {
        "reviews-0-finding": "A finding written on the claim’s page.",
        "evidence-TOTAL_FORMS": "1",
        "evidence-0-source": factories.make_source("The record").pk,
        "evidence-0-stance": "refutes",
        "evidence-0-summary": "Says the contrary.",
        "evidence-0-position": "0",
        "_continue": "",
    }

    response = desk.post(claim_page(draft.claim), posted)

    assert response.status_code == 302, form_errors(response)
    draft.refresh_from_db()
    assert draft.finding == "A finding written on the claim’s page."
    assert Evidence.objects.get().review == draft


def form_errors(response):
    context = response.context_data
    return [context["errors"], *(f.formset.errors for f in context["inline_admin_formsets"])]


def test_whoever_writes_in_a_colleagues_draft_on_the_claims_page_is_no_second_person(
    editors_desk, ratings, reviewer, editor
):
    draft = factories.make_review(author=reviewer)
    posted = form_of(editors_desk.get(claim_page(draft.claim)))
    editors_desk.post(claim_page(draft.claim), {**posted, "_save": ""})
    untouched = list(draft.contributors.all())

    editors_desk.post(claim_page(draft.claim), {**posted, "reviews-0-finding": "My words."})

    assert untouched == []
    assert Review.objects.get().finding != "My words."  # the page had been saved since
    posted = form_of(editors_desk.get(claim_page(draft.claim)))
    editors_desk.post(claim_page(draft.claim), {**posted, "reviews-0-finding": "My words."})
    assert list(draft.contributors.all()) == [editor]


def test_the_button_under_the_form_saves_the_draft_and_sends_it(desk, ratings, reviewer):
    draft = factories.make_review(author=reviewer)
    posted = form_of(desk.get(claim_page(draft.claim)))

    response = desk.post(
        claim_page(draft.claim), {**posted, "reviews-0-finding": "Sent with this.", "_send": ""}
    )

    assert response.url == claim_page(draft.claim)
    draft.refresh_from_db()
    assert (draft.status, draft.finding) == ("submitted", "Sent with this.")


def test_sending_an_unfinished_draft_saves_it_and_says_what_is_missing(desk, reviewer):
    draft = factories.make_draft(author=reviewer)
    posted = form_of(desk.get(claim_page(draft.claim)))

    response = desk.post(
        claim_page(draft.claim),
        {**posted, "reviews-0-finding": "Half of it.", "_send": ""},
        follow=True,
    )

    assert "Needed before a review can go on." in response.content.decode()
    draft.refresh_from_db()
    assert (draft.status, draft.finding) == ("draft", "Half of it.")


def test_save_and_preview_shows_the_draft_as_readers_will_see_it(desk, ratings, reviewer):
    draft = factories.make_review(author=reviewer)
    posted = form_of(desk.get(claim_page(draft.claim)))

    response = desk.post(
        claim_page(draft.claim),
        {**posted, "reviews-0-finding": "As it will read.", "_preview": ""},
        follow=True,
    )

    assert response.redirect_chain[-1][0] == f"/admin/claims/review/{draft.pk}/preview/"
    html = response.content.decode()
    assert "As it will read." in html
    assert "noindex" in html
    assert "ClaimReview" not in html


def test_only_the_author_is_offered_to_send_a_draft(editors_desk, ratings, reviewer):
    draft = factories.make_review(author=reviewer)

    html = get(editors_desk, claim_page(draft.claim))

    assert 'name="_send"' not in html
    assert "Only Rita Reviewer, who writes it, sends it on." in html


def test_every_button_that_may_not_be_pressed_says_why(desk, submitted):
    html = get(desk, claim_page(submitted.claim))

    assert html.count("disabled aria-describedby") > 5
    for name in html.split('aria-describedby="why-not-')[1:]:
        key = name[: name.index('"')]
        reason = html.split(f'id="why-not-{key}">')[1].split("<")[0]
        assert reason.strip()
    assert "Someone other than the author must publish a review." in html


def test_the_claims_page_shows_its_words_in_their_place(desk):
    claim = factories.make_claim()
    factories.make_appearance(claim, exact="taxes doubled")

    assert "The council said <mark>taxes doubled</mark>. Nobody asked." in get(
        desk, claim_page(claim)
    )


def test_the_claims_page_shows_why_the_draft_was_sent_back(desk, submitted, editor):
    workflow.send_back(submitted, by=editor, reason="The year is missing.")

    html = get(desk, claim_page(submitted.claim))

    assert "Eddie Editor sent it back" in html
    assert "The year is missing." in html


def test_a_passage_is_found_whatever_its_quotes_and_spaces_and_recorded_as_it_stands(desk):
    claim = factories.make_claim()
    text = "He said “the  year –\nwas wrong” twice."
    snapshot = factories.make_snapshot(text)
    page = reverse("admin:claims_claim_passages", args=[claim.pk])

    found = desk.get(page, {"snapshot": snapshot.pk, "words": '"THE year - was wrong"'})
    exact = found.context["found"][0].exact
    desk.post(
        page,
        {"snapshot": snapshot.pk, "exact": exact, "start": 8, "attribution": "direct-quote"},
    )

    assert exact == "“the  year –\nwas wrong”"
    appearance = Appearance.objects.get(claim=claim)
    assert (appearance.exact, appearance.start) == (exact, 8)


def test_words_are_looked_for_in_the_copy_that_the_claim_was_found_in(desk):
    claim = factories.make_claim()
    factories.make_appearance(claim)
    factories.make_snapshot("A newer copy of another document.")
    page = reverse("admin:claims_claim_passages", args=[claim.pk])

    assert "Found once" in get(desk, f"{page}?words=nobody+asked")


def test_the_passage_most_like_the_words_is_offered_with_the_difference(desk):
    claim = factories.make_claim()
    snapshot = factories.make_snapshot("Then: taxes on homes doubled <i>twice</i>. So it went.")
    page = reverse("admin:claims_claim_passages", args=[claim.pk])

    words = "taxes on homes tripled <i>twice</i>"
    html = desk.get(page, {"snapshot": snapshot.pk, "words": words}).content.decode()

    assert "These words do not stand in this copy" in html
    assert '<del><span class="vh">removed: </span>tripled</del>' in html
    assert '<ins><span class="vh">added: </span>doubled</ins>' in html
    assert 'name="exact" value="taxes on homes doubled &lt;i&gt;twice&lt;/i"' in html
    assert "<i>twice" not in html


def test_words_that_are_not_in_the_copy_are_not_recorded(desk):
    claim = factories.make_claim()
    snapshot = factories.make_snapshot("Nothing of the kind.")
    page = reverse("admin:claims_claim_passages", args=[claim.pk])

    searched = desk.get(page, {"snapshot": snapshot.pk, "words": "taxes doubled"})
    forged = desk.post(
        page,
        {"snapshot": snapshot.pk, "exact": "taxes doubled", "attribution": "own-words"},
        follow=True,
    )

    assert "These words do not stand in this copy" in searched.content.decode()
    assert "These words do not occur in the snapshot." in forged.content.decode()
    assert not Appearance.objects.exists()


@pytest.mark.parametrize("snapshot", ["", "x", "0", "9" * 40])
def test_the_passage_finder_bears_any_address(desk, snapshot):
    page = reverse("admin:claims_claim_passages", args=[factories.make_claim().pk])

    assert desk.get(page, {"snapshot": snapshot, "words": "a\x00b"}).status_code == 200


def test_the_second_person_sees_what_changes_beside_what_readers_will_see(
    editors_desk, published_claim, reviewer
):
    revision = workflow.revise(
        published_claim, by=reviewer, kind="correction", note="The year was wrong."
    )
    revision.finding = "The figures are right, and so is the year."
    revision.save()
    workflow.submit(revision, by=reviewer)

    html = get(editors_desk, approve_page(revision))

    assert "What changes (version 1 to 2)" in html
    assert "<ins>" in html
    assert "<b>Correction:</b> The year was wrong." in html
    assert "The figures are right, and so is the year." in html
    assert "Approved by" not in section(html, "changes")


def test_the_second_person_publishes_what_they_read(editors_desk, submitted, editor):
    page = editors_desk.get(approve_page(submitted))
    said = {"revision": 1, "read": page.context["digest"], "from": "approve"}

    response = editors_desk.post(f"/admin/claims/review/{submitted.pk}/step/publish/", said)

    assert response.url == claim_page(submitted.claim)
    submitted.refresh_from_db()
    assert (submitted.status, submitted.approver) == ("published", editor)


def test_what_changed_after_it_was_read_is_shown_and_nothing_is_published(
    editors_desk, submitted, reviewer, editor
):
    page = editors_desk.get(approve_page(submitted))
    said = {"revision": 1, "read": page.context["digest"], "from": "approve"}
    workflow.send_back(submitted, by=reviewer, reason="A slip.")
    submitted.finding = "The record says the same."
    submitted.save()
    workflow.submit(submitted, by=reviewer)

    response = editors_desk.post(
        f"/admin/claims/review/{submitted.pk}/step/publish/", said, follow=True
    )

    html = response.content.decode()
    assert "This was changed after you read it." in html
    assert "This changed after you read it" in html
    assert "the same" in html
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_what_changed_in_the_claim_after_it_was_sent_is_shown(editors_desk, submitted):
    Claim.objects.update(selection_reason="Another reason.")

    assert "This changed after it was sent to you" in get(editors_desk, approve_page(submitted))


def test_an_author_is_told_on_the_page_why_they_may_not_approve(desk, submitted):
    html = get(desk, approve_page(submitted))

    assert "You may not approve this one" in html
    assert "Someone other than the author must publish a review." in html
    assert "Approve and publish now" not in html


def test_declared_interests_must_be_answered_on_the_page(editors_desk, editor, submitted):
    speaker = factories.make_speaker("Acme Corporation")
    Claim.objects.update(speaker=speaker)
    editor.interests = "Shares of Acme Corporation"
    editor.save()

    html = get(editors_desk, approve_page(submitted))

    assert "Your declared interests name Acme Corporation" in html
    assert 'name="interest_answer"' in html


def test_a_line_of_the_gate_is_let_pass_on_the_page(editors_desk, submitted):
    Review.objects.update(single_origin_reason="")
    address = f"/admin/claims/review/{submitted.pk}/step/override/"
    said = {"line": "two-origins", "reason": "A court’s own record.", "from": "approve"}

    response = editors_desk.post(address, {**said, "revision": 1}, follow=True)

    assert response.redirect_chain[-1][0].startswith(approve_page(submitted))
    assert "Let pass: A court’s own record." in response.content.decode()


def test_a_review_that_waits_for_nobody_has_no_page_for_a_second_person(
    editors_desk, ratings, reviewer
):
    draft = factories.make_review(author=reviewer)

    response = editors_desk.get(approve_page(draft), follow=True)

    assert response.redirect_chain == [(claim_page(draft.claim), 302)]
    assert "nobody waits for a second person" in response.content.decode()


@pytest.mark.parametrize("page", ["approve", "preview"])
def test_pages_of_a_review_that_is_not_there_are_not_found(editors_desk, page):
    assert editors_desk.get(f"/admin/claims/review/999/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["approve", "preview"])
def test_pages_of_a_review_are_closed_to_who_may_not_see_it(client, submitted, page):
    client.force_login(factories.make_person("Nora", is_staff=True))

    response = client.get(f"/admin/claims/review/{submitted.pk}/{page}/")

    assert response.status_code == 404
