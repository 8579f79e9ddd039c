"""A reader who follows every link of the site, in two languages, finds nothing that is not public.

Each thing that readers must not see holds a word of its own; the walk looks for all of them in
every answer, its headers included, and asks for what is hidden by its address too.
"""

import json
import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import User
from claims import workflow
from claims.models import AboutPage, Claim, Note, Review
from claims.search import index
from claims.tests import factories
from sources.models import PrivateDetail
from tips import sending

pytestmark = [pytest.mark.django_db, pytest.mark.unmeasured]

HIDDEN = {
    "text of a new claim": "Amarant",
    "text of a declined claim": "Basalt",
    "text of a claim we gave up": "Cinnabar",
    "finding of a draft": "Damask",
    "rationale of a draft": "Ebonite",
    "evidence of a draft": "Feldspar",
    "remark of a draft": "Gamboge",
    "note of a correction that is a draft": "Hematite",
    "background": "Indigo",
    "note": "Jasper",
    "private detail": "Kermes",
    "text of a confidential copy": "Lapis",
    "source of a new claim": "Malachite",
    "speaker of a new claim": "Nacre",
    "topic of a new claim": "Onyx",
    "publisher of a hidden source": "Porphyry",
    "person who signed nothing": "Quartzite",
    "mail of a colleague": "Realgar",
    "what a reader suggests": "Sienna",
    "what a reader says is wrong": "Turquoise",
    "page about us that is a draft": "Ultramarine",
    "reason of a step": "Verdigris",
}
PUBLIC = "Wolfram"
NOT_WALKED = {
    # These take a token or words that no page shows, or are forms; others test them.
    "receipt", "suggestion-receipt", "mail-choice", "invitation", "profile", "language",
    "v1:match", "security", "google", "copy-file",
}  # fmt: skip


class Links(HTMLParser):
    """Every address that a page names: links, pictures, styles, feeds, forms."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ("href", "src", "action") if given.get(name)]
        if tag == "meta" and str(given.get("content")).startswith("http"):
            self.found.append(given["content"])


def links_of(response, body):
    kind = response.headers["Content-Type"].partition(";")[0]
    if kind == "text/html":
        parser = Links()
        parser.feed(body)
        return parser.found
    if kind.endswith("json"):
        return re.findall(r'"(https?://[^"\s]+|/[^"\s]*)"', json.dumps(json.loads(body)))
    return re.findall(r"https?://testserver[^\s<>\"]*", body.replace("&amp;", "&"))


def body_of(response):
    streamed = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return streamed.decode(errors="replace"), headers


@pytest.fixture
def hidden_addresses(ratings, reviewer, editor, settings):
    """Fill the newsroom, and return the addresses of what is hidden in it."""
    User.objects.filter(pk=reviewer.pk).update(email="realgar@example.org")
    factories.make_person("Quartzite", role="reviewer")
    confidential = factories.make_source(
        "A former employee", url="", is_confidential=True, access_note="We met twice."
    )
    PrivateDetail.objects.create(source=confidential, text="Kermes, second floor")
    kept = factories.make_snapshot("Lapis said taxes doubled.", source=confidential)
    claim = published(reviewer, editor, confidential, kept)
    draft_of(claim, reviewer, editor)
    hidden_source = factories.make_source(
        "Malachite", publisher=factories.make_publisher("Porphyry")
    )
    new = factories.make_claim(
        "Amarant rises.",
        status="new",
        speaker=factories.make_speaker("Nacre"),
        topics=[factories.make_topic("Onyx")],
    )
    factories.make_appearance(new, snapshot=factories.make_snapshot(source=hidden_source))
    declined = factories.make_claim("Basalt falls.", status="new")
    workflow.decline(declined, by=editor, reason="Verdigris")
    given_up = factories.make_claim("Cinnabar stays.", status="new")
    workflow.accept(given_up, by=reviewer)
    workflow.decline(given_up, by=editor, reason="Verdigris")
    sending.suggest(said="Sienna", where="Sienna")
    sending.send(claim.reviews.published().get(), wrong="Turquoise")
    AboutPage.objects.create(slug="ultramarine", title="Ultramarine", text="Ultramarine")
    AboutPage.objects.create(slug="funding", title="Who pays", text="Readers.", is_public=True)
    index.rebuild()
    hidden_claims = (new, declined, given_up)
    return [
        reverse("embed", args=[claim.pk]),
        f"{reverse('google-claims')}?query=melts",
        f"{reverse('google-pages')}?organization=testserver",
        reverse("google-page", args=[claim.pk]),
        *(reverse("google-page", args=[each.pk]) for each in hidden_claims),
        f"{reverse('oembed')}?url=http://testserver{claim.get_absolute_url()}",
        *(each.get_absolute_url() for each in hidden_claims),
        *(reverse("embed", args=[each.pk]) for each in hidden_claims),
        *(reverse("v1:claim-detail", args=[each.pk]) for each in hidden_claims),
        *(
            reverse("oembed") + f"?url=http://testserver{each.get_absolute_url()}"
            for each in hidden_claims
        ),
        hidden_source.get_absolute_url(),
        reverse("article", args=[hidden_source.pk]),
        reverse("annotations", args=[hidden_source.pk]),
        reverse("v1:source-detail", args=[hidden_source.pk]),
        reverse("copy", args=[confidential.pk, kept.pk]),
        reverse("copy-file", args=[confidential.pk, kept.pk]),
        new.speaker.get_absolute_url(),
        new.topics.get().get_absolute_url(),
        reverse("version", args=[claim.pk, 3]),
        reverse("cite-bibtex", args=[claim.pk, 3]),
        f"{reverse('changes', args=[claim.pk])}?from=1&to=3",
        reverse("page", args=["ultramarine"]),
        *(f"{reverse('claims')}?q={word}" for word in HIDDEN.values()),
        *(f"{reverse('suggestions')}?q={word}" for word in HIDDEN.values()),
        *(f"{reverse('v1:claim-list')}?q={word}" for word in HIDDEN.values()),
    ]


def published(reviewer, editor, confidential, kept):
    """A verdict that rests on a confidential source, corrected once."""
    claim = factories.make_published_claim(
        f"{PUBLIC} melts late.",
        author=reviewer,
        approver=editor,
        background="Indigo",
        speaker=factories.make_speaker(),
        topics=[factories.make_topic()],
    )
    Note.objects.create(claim=claim, by=reviewer, text="Jasper")
    review = workflow.revise(claim, by=reviewer, kind="correction", note="The year was wrong.")
    Review.objects.filter(pk=review.pk).update(finding="It melts at 3422 degrees.")
    factories.make_evidence(review, source=confidential, snapshot=kept, passage="taxes doubled")
    workflow.submit(review, by=reviewer)
    workflow.send_back(review, by=editor, reason="Verdigris")
    workflow.submit(review, by=reviewer)
    workflow.publish(review, by=editor)
    claim.refresh_from_db()
    return claim


def draft_of(claim, reviewer, editor):
    draft = workflow.revise(claim, by=reviewer, kind="correction", note="Hematite")
    Review.objects.filter(pk=draft.pk).update(
        finding="Damask", rationale="Ebonite", look_again_on=timezone.localdate()
    )
    factories.make_evidence(draft, summary="Feldspar", note="Gamboge")


def names_of_readers():
    """Return the names of all addresses that are not of the desk."""
    names = set()

    def below(patterns, prefix=""):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                below(pattern.url_patterns, space)
            elif pattern.name:
                names.add(prefix + pattern.name)

    below(get_resolver().url_patterns)
    of_desk = ("admin:", "account_", "mfa_", "usersessions_")
    return {name for name in names if not name.startswith(of_desk)}


def walk(client, beginnings):
    """Yield each answer that a reader comes to, once for each address, with its text."""
    waiting, seen = list(beginnings), set(beginnings)
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        body, headers = body_of(response)
        yield address, response, body, headers
        if response.status_code == 200:
            found = links_of(response, body)
        else:
            found = [response.headers["Location"]] if response.has_header("Location") else []
        for link in found:
            parts = urlsplit(urldefrag(link)[0])
            if parts.netloc not in ("", "testserver") or not parts.path.startswith("/"):
                continue
            if parts.path.startswith(("/static/", "/language/", "/admin/", "/accounts/")):
                continue
            if "&" in parts.query:  # narrowed twice: there is no end to these
                continue
            query = f"?{parts.query}" if parts.query else ""
            there = parts.path + query
            if there not in seen:
                seen.add(there)
                waiting.append(there)


def test_a_reader_who_follows_every_link_finds_nothing_that_is_hidden(hidden_addresses):
    beginnings = ["/", "/ar/", "/robots.txt", "/sitemap.xml", "/api/v1/", "/data/"]
    reached, told, publicly = set(), [], 0

    for address, response, body, headers in walk(Client(), [*beginnings, *hidden_addresses]):
        assert response.status_code in (200, 301, 302, 400, 404, 405, 406, 410), address
        path = urlsplit(address).path
        if response.status_code == 200:
            reached.add(
                resolve(path.removeprefix("/ar") if path.startswith("/ar/") else path).view_name
            )
            publicly += PUBLIC in body
        for what, word in HIDDEN.items():
            if word.lower() in path:
                assert response.status_code == 404, address
            if word.lower() in address.lower():
                continue  # a page repeats what was asked for; what was found is counted below
            if word.lower() in (body + headers).lower():
                told.append(f"{address} tells the {what}")

    assert told == []
    assert publicly > 20
    assert {name for name in names_of_readers() if not is_a_verb(name)} - reached == NOT_WALKED


def is_a_verb(name):
    """Tell whether this address takes a step: nobody reads there."""
    return bool(re.fullmatch(r"v1:(claim|review)-(?!list$|detail$)[a-z_]+", name))


def test_a_search_for_what_is_hidden_finds_nothing(client, hidden_addresses):
    words = list(HIDDEN.values())
    nobody = {"speakers": [], "topics": [], "claims": []}

    for word in words:
        assert client.get(f"/api/v1/claims/?q={word}").json()["results"] == [], word
        assert client.get(f"/claims/suggestions/?q={word}").json() == nobody, word
        assert client.get(f"/v1alpha1/claims:search?query={word}").json() == {}, word
    found = client.post("/api/v1/match/", {"texts": words}, content_type="application/json").json()
    for word, result in zip(words, found["results"], strict=True):
        assert not any(word in match["claim"]["text"] for match in result["matches"]), word
    assert Claim.objects.count() == 4
