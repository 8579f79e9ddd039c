"""Two people at once: what each round prepares, what they send, and what must hold afterwards.

`serve` makes this a process of its own that is told over pipes what to do.
"""

import itertools
import json
import sys
import time
import traceback

from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from claims import workflow
from claims.models import Claim, Review, Transition
from claims.tests import factories

from .forms import posted_by

UNCLEAR = ("Traceback", "locked", "IntegrityError", "constraint", "Constraint", "deadlock")
PEOPLE = {}


def assemble():
    """Make the people, and return what their browsers need to be signed in."""
    groups = factories.make_groups()
    factories.make_ratings()
    for name, role in (("writer", "reviewer"), ("ann", "editor"), ("bob", "editor")):
        PEOPLE[name] = factories.make_person(name, is_staff=True)
        PEOPLE[name].groups.add(groups[role])
    return {name: signed_in(person) for name, person in PEOPLE.items()}


def signed_in(person):
    client = Client()
    client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def browser(cookies):
    client = Client(raise_request_exception=False)
    client.cookies.load(cookies)
    return client


# What two people do. Each function returns who posts what to where; `cookies` are of `assemble`.


def on_page(who, row, verb, **said):
    page = reverse(f"admin:claims_{row._meta.model_name}_step", args=[row.pk, verb])
    return {"who": who, "page": page, "posted": said, "verb": verb}


def through_api(who, row, verb, **said):
    page = reverse(f"v1:{row._meta.model_name}-{verb}", args=[row.pk])
    return {"who": who, "page": page, "posted": said, "verb": verb, "is_api": True}


def new_claim(status=Claim.Status.NEW):
    return factories.make_claim(status=status)


def draft():
    return factories.make_review(author=PEOPLE["writer"])


def submitted():
    review = draft()
    factories.make_evidence(review)
    workflow.submit(review, by=PEOPLE["writer"])
    return review


def verdict():
    review = submitted()
    workflow.publish(review, by=PEOPLE["ann"])
    return review


def both(row, verb, **said):
    return [on_page(who, row, verb, **said) for who in ("ann", "bob")]


def publish(_):
    return both(submitted(), "publish", revision=1)


def publish_by_page_and_api(_):
    review = submitted()
    return [
        on_page("ann", review, "publish", revision=1),
        through_api("bob", review, "publish", revision=1),
    ]


def publish_a_new_version(_):
    review = verdict()
    claim = Claim.objects.get(pk=review.claim_id)
    new = workflow.revise(claim, by=PEOPLE["writer"], kind="update", note="New figures.")
    workflow.submit(new, by=PEOPLE["writer"])
    return both(new, "publish", revision=1)


def publish_or_send_back(_):
    review = submitted()
    return [
        on_page("ann", review, "publish", revision=1),
        on_page("bob", review, "send_back", reason="Name the year."),
    ]


def publish_or_merge(_):
    review, other = submitted(), new_claim(Claim.Status.IN_REVIEW)
    return [
        on_page("ann", review, "publish", revision=1),
        on_page("bob", review.claim, "merge", into=other.pk),
    ]


def accept(_):
    return both(new_claim(), "accept")


def accept_or_decline(_):
    claim = new_claim()
    return [
        through_api("ann", claim, "accept"),
        on_page("bob", claim, "merge", into=new_claim().pk),
    ]


def start(_):
    return both(new_claim(Claim.Status.IN_REVIEW), "start")


def start_through_the_api(_):
    claim = new_claim(Claim.Status.IN_REVIEW)
    return [through_api(who, claim, "start") for who in ("ann", "bob")]


def submit(_):
    review = draft()
    return [on_page("writer", review, "submit"), through_api("writer", review, "submit")]


def submit_and_send_back(_):
    # Whoever comes first: what is sent back can be sent on again, so both may go well.
    review = submitted()
    return [
        on_page("writer", review, "submit"),
        on_page("ann", review, "send_back", reason="Name the year."),
    ]


def send_back(_):
    return both(submitted(), "send_back", reason="Name the year.")


def discard(_):
    return both(draft(), "discard", reason="Nobody goes on.")


def override(_):
    review = draft()
    Review.objects.filter(pk=review.pk).update(no_contact_reason="")
    return both(review, "override", line="contact", reason="The speaker died.")


def revise(_):
    return both(verdict().claim, "revise", kind="correction", note="The year was wrong.")


def retract(_):
    return both(verdict(), "retract", note="The document was forged.")


def merge(_):
    return both(new_claim(), "merge", into=new_claim(Claim.Status.IN_REVIEW).pk)


def merge_into_each_other(_):
    one, other = (new_claim(Claim.Status.IN_REVIEW) for _ in range(2))
    return [
        on_page("ann", one, "merge", into=other.pk),
        on_page("bob", other, "merge", into=one.pk),
    ]


def unmerge(_):
    claim = new_claim()
    workflow.merge(claim, into=new_claim(), by=PEOPLE["ann"])
    return both(claim, "unmerge")


def assign(_):
    claim = new_claim()
    return [
        on_page("ann", claim, "assign", to=PEOPLE["writer"].username),
        on_page("bob", claim, "assign", to=PEOPLE["bob"].username),
    ]


def save(cookies):
    return saves(cookies, new_claim(), "selection_reason")


def save_a_draft(cookies):
    return saves(cookies, draft(), "finding")


def saves(cookies, row, field):
    name = row._meta.model_name
    page = reverse(f"admin:claims_{name}_change", args=[row.pk])
    return [
        {
            "who": who,
            "page": page,
            "posted": posted_by(browser(cookies[who]).get(page), f"{name}_form")
            | {field: f"What {who} wrote."},
            "verb": "save",
            "field": [name, row.pk, field],
        }
        for who in ("ann", "bob")
    ]


def add_the_same_topic(_):
    page = reverse("admin:claims_topic_add")
    slug = f"harvest-{time.monotonic_ns()}"
    posted = {"name": slug, "slug": slug}
    return [{"who": who, "page": page, "posted": posted, "verb": "add"} for who in ("ann", "bob")]


def find_the_same_passage(_):
    claim, snapshot = new_claim(), factories.make_snapshot()
    page = reverse("admin:claims_claim_passages", args=[claim.pk])
    posted = {"snapshot": snapshot.pk, "exact": "taxes doubled", "attribution": "direct-quote"}
    return [{"who": who, "page": page, "posted": posted, "verb": "find"} for who in ("ann", "bob")]


RACES = {
    # What they do, and how many of the two may succeed.
    publish: {1},
    publish_by_page_and_api: {1},
    publish_a_new_version: {1},
    publish_or_send_back: {1},
    publish_or_merge: {1},
    accept: {1},
    accept_or_decline: {1, 2},
    start: {1},
    start_through_the_api: {1},
    submit: {1},
    submit_and_send_back: {1, 2},
    send_back: {1},
    discard: {1},
    override: {1},
    revise: {1},
    retract: {1},
    merge: {1},
    merge_into_each_other: {1},
    unmerge: {1},
    assign: {2},
    save: {1},
    save_a_draft: {1},
    add_the_same_topic: {1},
    find_the_same_passage: {1},
}
BY_NAME = {race.__name__: race for race in RACES}


def prepare(name, cookies):
    """Make what the round is about, and return the two requests and the last step before."""
    requests = BY_NAME[name](cookies)
    last = Transition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return {"name": name, "requests": requests, "last": last}


def send(request, cookies, wait=lambda: None):
    """Post a request once `wait` returns, and return what came of it."""
    client = browser(cookies[request["who"]])
    is_api = request.get("is_api", False)
    options = {"content_type": "application/json"} if is_api else {}
    wait()
    try:
        response = client.post(request["page"], request["posted"], **options)
    except Exception:
        return {"status": 500, "won": False, "said": "", "error": traceback.format_exc()}
    error = getattr(response, "exc_info", None)
    answer = {
        "status": response.status_code,
        "error": "".join(traceback.format_exception(*error)) if error else "",
    }
    if is_api:
        won, said = response.status_code == 200, response.content.decode()
    elif request["verb"] in ("save", "add"):
        won, said = response.status_code == 302, response.content.decode()
    else:
        told = list(get_messages(response.wsgi_request))
        won = [message.level_tag for message in told] == ["success"]
        said = " ".join(str(message) for message in told)
    return answer | {"won": won, "said": said}


def wrongs(plan, answers):
    """Return what is wrong after a round, in words; nothing when all is well."""
    found = [
        f"{plan['name']}: {answer['status']} {answer['error'][-1500:]}"
        for answer in answers
        if answer["status"] not in (200, 302, 400, 409) or answer["error"]
    ]
    won = [answer["won"] for answer in answers]
    if sum(won) not in RACES[BY_NAME[plan["name"]]]:
        found.append(f"{plan['name']}: {sum(won)} won; {[said['said'][:200] for said in answers]}")
    for answer in answers:
        unclear = [word for word in UNCLEAR if word in answer["said"]]
        if not answer["won"] and (unclear or not answer["said"]):
            found.append(f"{plan['name']}: the loser reads “{answer['said'][:300]}”")
    return found + wrong_steps(plan, won) + wrong_saves(plan, answers) + wrong_rows()


def wrong_steps(plan, won):
    """Say when the steps that are recorded are not those of who won."""
    verbs = [request["verb"] for request in plan["requests"]]
    if verbs[0] in ("save", "add", "find"):
        return []
    expected = sorted(verb for verb, has_won in zip(verbs, won, strict=True) if has_won)
    recorded = Transition.objects.filter(pk__gt=plan["last"]).values_list("verb", flat=True)
    return [] if sorted(recorded) == expected else [f"{plan['name']}: recorded {list(recorded)}"]


def wrong_saves(plan, answers):
    """Say when something typed was lost: neither stored nor on the page of the conflict."""
    found = []
    for request, answer in zip(plan["requests"], answers, strict=True):
        if "field" not in request:
            continue
        name, pk, field = request["field"]
        model = Claim if name == "claim" else Review
        typed = request["posted"][field]
        if answer["won"] != (getattr(model.objects.get(pk=pk), field) == typed):
            found.append(f"{plan['name']}: what was saved is not what is stored")
        if not answer["won"] and (answer["status"] != 409 or typed not in answer["said"]):
            found.append(f"{plan['name']}: what the loser typed is lost")
    return found


def wrong_rows():
    """Say which of the rules that always hold does not."""
    found = []
    for claim in Claim.objects.prefetch_related("reviews").order_by("-pk")[:4]:
        statuses = [review.status for review in claim.reviews.all()]
        published = statuses.count("published")
        if published != (claim.status == "published"):
            found.append(f"{claim}: stands at {claim.status} with {published} verdicts")
        if statuses.count("draft") + statuses.count("submitted") > 1:
            found.append(f"{claim}: {statuses}")
        seen = {claim.pk}
        while claim.merged_into_id:
            claim = claim.merged_into
            if claim.pk in seen:
                found.append(f"{claim}: merged in a circle")
                break
            seen.add(claim.pk)
    for review in Review.objects.prefetch_related("transitions").order_by("-pk")[:2]:
        steps = sorted(review.transitions.all(), key=lambda step: step.pk)
        broken = [
            (before.to_status, after.from_status)
            for before, after in itertools.pairwise(steps)
            if before.to_status != after.from_status
        ]
        if broken:
            found.append(f"{review}: steps that do not follow on each other: {broken}")
    return found


DEEDS = {
    "assemble": assemble,
    "prepare": prepare,
    "send": send,
    "wrongs": wrongs,
}


def serve():
    """Do what each line of the input says, and answer with a line."""
    for line in sys.stdin:
        deed, given, at = json.loads(line)
        waits = {"wait": lambda at=at: wait_until(at)} if at else {}
        print(json.dumps(DEEDS[deed](*given, **waits)), flush=True)  # noqa: T201


def wait_until(moment):
    """Return at a moment of the clock that all processes share."""
    while time.monotonic() < moment:
        pass
