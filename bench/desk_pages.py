"""The pages that are measured: what readers and programs open, the queue, and all that each
changelist can be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from claims.models import Claim, Review, Speaker
from sources.models import Source

from . import newsroom, words

CATALOGUES = {"accounts.user": "writer", "claims.speaker": "ada", "sources.publisher": "costa"}
"""What is searched for where rows have names instead of sentences."""


@dataclass(frozen=True)
class Page:
    """A page under a name that both databases share, and who opens it: "" for a reader."""

    name: str
    path: str
    username: str = ""


def pages() -> list[Page]:
    """Return every page that is measured."""
    editor = User.objects.get(username=newsroom.EDITOR)
    chief = User.objects.get(username=newsroom.ADMINISTRATOR)
    found = [*_read(), *_work(editor)]
    for model, model_admin in admin.site._registry.items():
        request = RequestFactory().get("/")
        request.user = editor
        person = editor if model_admin.has_view_permission(request) else chief
        found += _of_list(model, model_admin, person)
    return found


def _read() -> Iterator[Page]:
    """Yield what readers and programs open, each with the row that most others lean on."""
    claims = Claim.objects.published().newest_first()
    rows: dict[str, Any] = {
        "claim": claims[10:11].get().pk,
        "speaker": Speaker.objects.order_by("pk")[:1].get().slug,
        "source": Source.objects.exclude(evidence=None).order_by("pk")[:1].get().pk,
        "article": Source.objects.exclude(snapshots__appearances=None).order_by("pk")[:1].get().pk,
    }
    for name in ("home", "claims", "speakers", "sources", "articles", "corrections", "our-work"):
        yield Page(f"reader: {name}", reverse(name))
    for name in ("status=retracted", f"speaker={rows['speaker']}", "order=rating", "year=1900"):
        yield Page(f"reader: claims, {name.split('=')[0]}", f"{reverse('claims')}?{name}")
    for name, key in rows.items():
        yield Page(f"reader: {name}", reverse(name, args=[key]))
    yield Page("reader: embed", reverse("embed", args=[rows["claim"]]))
    yield Page("reader: annotations", reverse("annotations", args=[rows["article"]]))
    yield Page("reader: table of our work", reverse("figure", args=["days"]))
    for name in ("claim", "review", "speaker", "source", "article"):
        yield Page(f"API: {name}s", reverse(f"v1:{name}-list"))
    yield Page("API: claim", reverse("v1:claim-detail", args=[rows["claim"]]))


def _work(editor: User) -> Iterator[Page]:
    drafts = Review.objects.filter(author=editor, status="draft").order_by("pk")
    waiting = Review.objects.filter(~Q(author=editor), status="submitted").order_by("pk")
    published = Claim.objects.published().order_by("pk")
    yield Page("work queue", reverse("admin:index"), editor.username)
    named = [
        ("claim with a draft", "claims_claim_change", drafts.values_list("claim", flat=True)),
        ("claim with a verdict", "claims_claim_change", published.values_list("pk", flat=True)),
        ("second review", "claims_review_approve", waiting.values_list("pk", flat=True)),
    ]
    for name, address, keys in named:
        for key in keys[:1]:
            yield Page(name, reverse(f"admin:{address}", args=[key]), editor.username)
    claims = reverse("admin:claims_claim_changelist")
    two = {"status__exact": "published", "kind__exact": "prediction"}
    by_text = {"text__icontains": words.RARE}
    yield Page("claims by two filters", f"{claims}?{urlencode(two)}", editor.username)
    yield Page("claims by any field", f"{claims}?{urlencode(by_text)}", editor.username)


def _of_list(model: Any, model_admin: Any, person: User) -> Iterator[Page]:
    label = model._meta.label_lower
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    def page(name: str, query: str) -> Page:
        return Page(f"{label}: {name}".removesuffix(": "), address + query, person.username)

    changelist = _opened(page("", ""), person)
    full = changelist.result_count // changelist.list_per_page
    yield page("", "")
    if not changelist.result_count:
        return
    if full > 1:
        yield page("page 2", "?p=2")
        yield page("last page", f"?p={full}")
    yield page("by a column", "?o=1")
    yield from (page(name, query) for name, query in _filters(changelist))
    if model_admin.get_search_fields(None):
        common = CATALOGUES.get(label, words.COMMON)
        yield page("search, common", f"?q={common}")
        yield page("search, rare", f"?q={words.RARE}")
        yield page("search, number", "?q=%23100")
    for field in model_admin.autocomplete_fields:
        for term in ("", words.COMMON, words.RARE):
            yield _suggestions(model, field, term, person)


def _opened(page: Page, person: User) -> Any:
    client: Any = Client()
    client.force_login(person)
    return client.get(page.path).context_data["cl"]


def _filters(changelist: Any) -> Iterator[tuple[str, str]]:
    for spec in changelist.filter_specs:
        for choice in list(spec.choices(changelist))[1:]:
            yield f"{spec.title} {choice['display']}", choice["query_string"]


def _suggestions(model: Any, field: str, term: str, person: User) -> Page:
    asked = {
        "app_label": model._meta.app_label,
        "model_name": model._meta.model_name,
        "field_name": field,
        "term": term,
    }
    path = f"{reverse('admin:autocomplete')}?{urlencode(asked)}"
    return Page(f"{model._meta.label_lower}.{field}: suggest “{term}”", path, person.username)
