"""The one command that fills a new tracker, and its refusals."""

import io
import json
import shutil

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from claims import gate
from claims.models import Appearance, Claim, Evidence, Override, Rating, Review, Topic
from sources.models import Publisher, Snapshot, Source

SEEDS = settings.BASE_DIR / "seeds"


def load(capsys, *args, **options):
    call_command("load_seed", *args, **options)
    return capsys.readouterr().out


def every_row():
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for app in ("auth", "accounts", "sources", "claims")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


@pytest.fixture
def seeds(tmp_path):
    """A copy of the seed's files that a test may change."""
    return shutil.copytree(SEEDS, tmp_path / "seeds")


def edit(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def spoil():
    """Make what is stored an older copy: one difference of each sort."""
    Claim.objects.filter(text__startswith="Alibaba, ByteDance and ot").update(text="Older words.")
    Rating.objects.filter(slug="true").update(definition="Older definition.")
    Publisher.objects.filter(name="Pandaily").update(name="pandaily")
    Group.objects.get(name="reviewer").permissions.clear()
    Claim.objects.get(text="Older words.").topics.set([Topic.objects.get(slug="china")])


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    """The seed, loaded into an empty tracker once for many tests: it takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_seed", stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("loaded")
class TestOnceLoaded:
    """Of a tracker that was empty before."""

    def test_the_seed_article_is_loaded_with_its_claims_verdicts_and_sources(self, db):
        assert Claim.objects.count() == 18
        assert Claim.objects.published().count() == 12
        assert Claim.objects.filter(status="in_review").count() == 6
        assert (Evidence.objects.count(), Source.objects.count()) == (40, 29)
        assert Rating.objects.count() == 7
        assert set(Group.objects.values_list("name", flat=True)) == {
            "reviewer",
            "editor",
            "administrator",
        }

    def test_every_passage_is_the_quote_character_for_character(self, db):
        text = Snapshot.objects.get().text
        assert text == (SEEDS / "article" / "article.txt").read_bytes().decode()
        passages = Appearance.objects.order_by("start").values_list("exact", "start", "end")
        wanted = json.loads((SEEDS / "article" / "claims.json").read_text())
        assert [tuple(row[name] for name in ("quote", "start", "end")) for row in wanted] == list(
            passages
        )
        assert all(text[start:end] == exact for exact, start, end in passages)

    def test_verdicts_went_through_two_people_who_cannot_sign_in(self, db):
        review = Review.objects.published().first()
        assert (str(review.author), str(review.approver)) == (
            "Seed desk, author",
            "Seed desk, approver",
        )
        for person in User.objects.all():
            assert not person.has_usable_password()
            assert not person.is_staff
        assert review.transitions.count() == 3

    def test_every_verdict_passes_the_gate_without_an_exception(self, db):
        for review in Review.objects.published():
            assert all(line.is_met for line in gate.checklist(review)), review
        assert not Override.objects.exists()

    def test_what_is_not_known_stays_unknown(self, db):
        article = Source.objects.get(title__startswith="A news article on DeepSeek")
        assert (article.publisher, article.url, article.author, article.published_on) == (
            None,
            "",
            "",
            "",
        )
        assert article.based_on.author == "Caiwei Chen"
        assert Claim.objects.filter(speaker=None).count() == 9
        assert Source.objects.filter(published_on="").exists()
        assert set(
            Claim.objects.filter(stated_on="2024-07").values_list("speaker__name", flat=True)
        ) == {"Liang Wenfeng"}

    def test_half_true_is_our_mixed(self, db):
        mixed = Review.objects.published().get(rating__slug="mixed")

        assert mixed.claim.text.startswith("The white paper’s count puts China second")

    def test_a_second_load_changes_nothing(self, db, capsys):
        before = every_row()

        told = load(capsys)

        assert every_row() == before
        assert told.splitlines() == [
            f"{part}: nothing to change" for part in ("ratings", "groups", "article")
        ]

    def test_over_an_older_copy_it_says_what_it_would_change_and_changes_nothing(self, db, capsys):
        spoil()
        before = every_row()

        told = load(capsys)

        assert every_row() == before
        for words in (
            "ratings: would change rating true definition: “Older definition.” → “The evidence",
            "article: would change seed-01 text: “Older words.” → “Alibaba, ByteDance and ot",
            "article: would change seed-01 topics: - “China”",
            "article: would change seed-01 topics: + “Alibaba”",
            "groups: would change role reviewer: + “Claims | claim | Can accept",
            "article: nothing was changed. To change it, add --update.",
        ):
            assert words in told

    def test_with_update_it_changes_what_differs(self, db, capsys):
        before = every_row()
        spoil()

        told = load(capsys, update=True)

        assert "article: changed seed-01 text: “Older words.”" in told
        after = every_row()
        for name in ("Claim", "Rating", "Publisher"):
            assert after[name] == before[name]
        assert load(capsys).count("nothing to change") == 3

    def test_the_words_that_a_verdict_was_given_on_stay_and_the_difference_is_told(
        self, db, capsys
    ):
        Claim.objects.filter(text__startswith="The Chinese startups").update(text="Older words.")

        told = load(capsys, update=True)

        assert "seed-15 text: a verdict was given on “Older words.”" in told
        assert Claim.objects.filter(text="Older words.").exists()

    def test_a_published_verdict_stays_and_the_difference_is_told(self, db, capsys):
        review = Review.objects.published().get(claim__text__startswith="The Chinese startups")
        Review.objects.filter(pk=review.pk).update(finding="Older finding.")

        told = load(capsys, update=True)

        assert "seed-15 finding: “Older finding.” is published and stays." in told
        review.refresh_from_db()
        assert review.finding == "Older finding."

    def test_a_row_of_a_newer_seed_is_added_only_with_update(self, db, capsys, seeds):
        edit(
            seeds / "ratings.json",
            lambda rows: rows.append(
                rows[0] | {"slug": "new", "alternate_name": "New", "rating_value": None}
            ),
        )

        assert "ratings: would make 1 ratings" in load(capsys, folder=seeds)
        assert Rating.objects.count() == 7
        assert "ratings: made 1 ratings" in load(capsys, folder=seeds, update=True)
        assert Rating.objects.count() == 8

    def test_a_claim_that_the_newsroom_took_further_is_left_to_it(self, db, capsys):
        Review.objects.filter(status="draft").update(
            author=User.objects.get(username="seed-desk-approver")
        )

        assert load(capsys).count("nothing to change") == 3


def test_parts_are_loaded_alone(db, capsys):
    load(capsys, "ratings", "groups")

    assert Rating.objects.exists()
    assert not Claim.objects.exists()


def test_an_unknown_part_is_refused_with_those_there_are(db):
    with pytest.raises(CommandError, match="Choose from ratings, groups, article"):
        call_command("load_seed", "articles")


def set_in(position, field, value):
    def change(claims):
        claims[position][field] = value

    return change


def set_in_source(field, value):
    def change(claims):
        claims[0]["sources"][0][field] = value

    return change


def remove(*path):
    def change(rows):
        for step in path[:-1]:
            rows = rows[step]
        del rows[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (set_in(2, "quote", "Words that nobody wrote."), "seed-03, quote: does not occur"),
        (set_in(2, "start", 3), "seed-03, start: the quote does not stand there"),
        (set_in(2, "end", 3), "seed-03, end: the quote ends at 296"),
        (set_in(1, "rating", "great"), "seed-02, rating: “great” is not on the scale"),
        (set_in(1, "rationale", None), "seed-02, rationale: missing"),
        (remove(4, "text"), "seed-05, text: missing"),
        (set_in(4, "text", ["a"]), 'seed-05, text: ["a"] is not allowed'),
        (set_in(4, "claim_date", "2024-13"), 'seed-05, claim_date: "2024-13"'),
        (set_in(4, "claim_date", 2024), "seed-05, claim_date: 2024"),
        (set_in(4, "attribution", "hearsay"), "seed-05, attribution: "),
        (set_in(4, "speaker", "Liang"), "seed-05, speaker: "),
        (set_in(4, "speaker", {"name": "Liang"}), "seed-05, speaker.description: missing"),
        (set_in(4, "topics", ["unheard-of"]), "seed-05, topics: “unheard-of” has no name"),
        (set_in(0, "sources", ["a"]), "seed-01, sources[0]: is not an object"),
        (set_in_source("stance", "proves"), 'seed-01, sources[0].stance: "proves"'),
        (set_in_source("url", "not an address"), "not an address, url: Enter a valid URL"),
        (set_in(7, "id", "seed-8"), "seed-8, finding: missing in additions.json"),
        (remove(5, "id"), "claim 6, id: missing"),
    ],
)
def test_a_wrong_seed_is_refused_whole_with_claim_and_field(db, seeds, change, problem):
    edit(seeds / "article" / "claims.json", change)

    with pytest.raises(CommandError) as refusal:
        call_command("load_seed", folder=seeds)

    assert problem in str(refusal.value)
    assert not any(every_row()[name] for name in ("Claim", "Source", "Rating", "User"))


def test_every_problem_is_told_at_once(db, seeds):
    def change(claims):
        claims[0]["quote"] = "Nothing."
        claims[1]["rating"] = "great"

    edit(seeds / "article" / "claims.json", change)

    with pytest.raises(CommandError, match=r"(?s)seed-01, quote.*seed-02, rating"):
        call_command("load_seed", folder=seeds)


def test_a_file_that_cannot_be_read_is_named(db, seeds):
    (seeds / "article" / "claims.json").write_text("{")

    with pytest.raises(CommandError, match=r"claims\.json"):
        call_command("load_seed", folder=seeds)


def test_claims_that_are_no_list_are_refused(db, seeds):
    (seeds / "article" / "claims.json").write_text("{}")

    with pytest.raises(CommandError, match="a list of claims is needed"):
        call_command("load_seed", folder=seeds)


def test_a_role_with_an_unknown_permission_is_refused(db, seeds):
    edit(seeds / "groups.json", lambda roles: roles[0]["permissions"].append("claims.fly"))

    with pytest.raises(
        CommandError, match=r"role reviewer, permissions: there is no “claims\.fly”"
    ):
        call_command("load_seed", folder=seeds)


def test_the_article_alone_is_refused_while_its_scale_and_roles_are_missing(db):
    with pytest.raises(CommandError, match="load ratings and groups first"):
        call_command("load_seed", "article")

    assert not any(every_row()[name] for name in ("Claim", "Source", "Rating", "User"))


def test_a_text_that_is_not_utf_8_is_named(db, seeds):
    (seeds / "article" / "article.txt").write_bytes(b"\xff\xfe")

    with pytest.raises(CommandError, match=r"article\.txt: .*utf-8"):
        call_command("load_seed", folder=seeds)


@pytest.mark.parametrize(
    ("file", "change", "problem"),
    [
        ("ratings.json", remove(0, "slug"), "ratings.json, 1, slug: missing"),
        ("ratings.json", set_in(0, "colour", "red"), "true, colour: is not known here"),
        ("groups.json", remove(0, "permissions"), "reviewer, permissions: missing"),
        ("groups.json", set_in(0, "permissions", ["fly"]), 'permissions: ["fly"] is not allowed'),
        ("article/additions.json", remove("topics"), "additions.json, topics: missing"),
        ("article/additions.json", set_in("article", "kind", "x"), 'article.kind: "x" is not'),
        (
            "article/additions.json",
            set_in("speakers", "Zihan Wang", {"kind": "person"}),
            "speakers.Zihan Wang.name: missing",
        ),
    ],
)
def test_a_wrong_file_beside_the_claims_is_refused_with_its_field(db, seeds, file, change, problem):
    edit(seeds / file, change)

    with pytest.raises(CommandError) as refusal:
        call_command("load_seed", folder=seeds)

    assert problem in str(refusal.value)
    assert not any(every_row()[name] for name in ("Claim", "Source", "Rating", "User"))
