"""The seed article: its text, its claims, who made them, our checks and their sources."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from accounts.models import User
from sources.models import Publisher, Snapshot, Source

from .. import notices, workflow
from ..models import Appearance, Claim, Evidence, Rating, Review, Speaker, Topic
from .checking import ATTRIBUTIONS, RATINGS
from .comparing import Changes, save

SOURCE_FIELDS = ("kind", "author", "published_on", "language", "access_note")


class ArticleLoad:
    """One load of the seed article. `changes` says what it did."""

    def __init__(self, changes: Changes, additions: dict[str, Any]) -> None:
        self.changes = changes
        self.additions = additions

    def run(self, text: str, claims: list[dict[str, Any]]) -> None:
        """Load the checked seed: the article's `text`, and its claims as claims.json has them."""
        self.author = self._person("seed-desk-author", "Seed desk, author", "reviewer")
        self.approver = self._person("seed-desk-approver", "Seed desk, approver", "editor")
        original = self._source("the original report", self.additions["original"])
        article = self._source("the article", self.additions["article"] | {"based_on": original})
        snapshot = article.snapshots.filter(text=text).first()
        if snapshot is None:
            snapshot = Snapshot(source=article, text=text, captured_at=timezone.now())
            save("the article", snapshot)
            self.changes.made(Snapshot)
        with notices.silence():
            for row in claims:
                self._claim(row, snapshot)

    def _person(self, username: str, display_name: str, role: str) -> User:
        person: User | None = User.objects.filter(username=username).first()
        if person is None:
            person = User(
                username=username,
                display_name=display_name,
                bio="A system account that loads the seed article. Nobody signs in with it.",
            )
            person.set_unusable_password()
            save(display_name, person)
            self.changes.made(User)
        self.changes.members(f"{display_name} role", person.groups, [Group.objects.get(name=role)])
        return User.objects.get(pk=person.pk)  # without cached permissions

    def _publisher(self, name: str | None) -> Publisher | None:
        if not name:
            return None
        group = self._publisher(self.additions["publisher_groups"].get(name))
        publisher: Publisher = self.changes.row(
            name, Publisher, {"slug": slugify(name)}, {"name": name, "part_of": group}
        )
        return publisher

    def _source(self, name: str, fields: dict[str, Any]) -> Source:
        lookup = {"url": fields["url"], **({} if fields["url"] else {"title": fields["title"]})}
        wanted = {field: fields[field] for field in SOURCE_FIELDS}
        wanted |= {
            "title": fields["title"],
            "publisher": self._publisher(fields.get("publisher")),
            "based_on": fields.get("based_on"),
        }
        wanted = {field: value for field, value in wanted.items() if field not in lookup}
        source: Source = self.changes.row(name, Source, lookup, wanted)
        return source

    def _cited(self, row: dict[str, Any]) -> Source:
        return self._source(
            row["url"],
            {
                "url": row["url"],
                "title": row["title"],
                "publisher": row["publisher"],
                "author": row["author"] or "",
                "published_on": row["published"] or "",
                "kind": self.additions["source_kinds"].get(row["url"], Source.Kind.ARTICLE),
                "language": "",
                "access_note": self.additions["access_note"],
            },
        )

    def _speaker(self, row: dict[str, Any]) -> Speaker | None:
        if row["name"] == self.additions["no_speaker"]:
            return None
        known = self.additions["speakers"].get(row["name"], {"name": row["name"], "kind": "person"})
        speaker: Speaker = self.changes.row(
            known["name"],
            Speaker,
            {"slug": slugify(known["name"])},
            {
                **known,
                "description": row["description"] or "",
                "affiliation": row["affiliation"] or "",
            },
        )
        return speaker

    def _topics(self, slugs: list[str]) -> list[Topic]:
        names = self.additions["topics"]
        return [
            self.changes.row(slug, Topic, {"slug": slug}, {"name": names[slug]}) for slug in slugs
        ]

    def _claim(self, row: dict[str, Any], snapshot: Snapshot) -> None:
        recorded = Appearance.objects.filter(
            snapshot__source=snapshot.source_id, exact=row["quote"]
        ).first()
        wanted = {
            "text": row["text"],
            "kind": row["checkable"],
            "speaker": self._speaker(row["speaker"]),
            "stated_on": row["claim_date"] or "",
            "what_would_settle": row["what_would_settle"] or "",
            "selection_reason": self.additions["selection_reason"],
            "background": row["notes"] or "",
        }
        lookup = {"pk": recorded.claim_id if recorded else None}
        if recorded and recorded.claim.was_judged:
            self._leave_judged_words(row["id"], recorded.claim, wanted)
        claim: Claim = self.changes.row(row["id"], Claim, lookup, wanted)
        self.changes.members(f"{row['id']} topics", claim.topics, self._topics(row["topics"]))
        self._appearance(row, claim, snapshot, recorded)
        if recorded is None:
            workflow.accept(claim, by=self.author)
            self._review(row, claim)
            return
        for cited in row["sources"]:
            self._cited(cited)
        self._compare_review(row, claim)

    def _leave_judged_words(self, name: str, claim: Claim, wanted: dict[str, Any]) -> None:
        """Take out what a verdict was given on, and tell where the seed says otherwise."""
        for field in Claim.JUDGED:
            old = getattr(claim, field)
            if field in wanted and wanted.pop(field) != old:
                self.changes.notes.append(
                    f"{name} {field}: a verdict was given on “{old}”; it stays."
                )

    def _appearance(
        self, row: dict[str, Any], claim: Claim, snapshot: Snapshot, recorded: Appearance | None
    ) -> None:
        self.changes.row(
            row["id"],
            Appearance,
            {"pk": recorded.pk if recorded else None},
            {
                "claim": claim,
                "snapshot": snapshot,
                "exact": row["quote"],
                "start": row["start"],
                "attribution": ATTRIBUTIONS[row["attribution"]],
                "reported_by": row["reported_by"] or "",
                "attribution_note": row["attribution_check"] or "",
                "speaker_role": self.additions["speaker_roles"].get(row["id"], ""),
            },
        )

    def _review(self, row: dict[str, Any], claim: Claim) -> None:
        review = workflow.start(claim, by=self.author)
        self.changes.made(Review)
        self._evidence(row, review)
        if row["status"] != "verdict":
            return
        for field, value in (self._verdict(row) | self._answers(row)).items():
            setattr(review, field, value)
        save(row["id"], review)
        workflow.submit(review, by=self.author)
        workflow.publish(review, by=self.approver)

    def _verdict(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "rating": Rating.objects.get(slug=RATINGS.get(row["rating"], row["rating"])),
            "finding": self.additions["findings"][row["id"]],
            "rationale": row["rationale"],
            "as_of": parse_date(row["as_of"] or ""),
            "confidence": row["confidence"] or "",
        }

    def _answers(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return what the gate asks for besides the words of the verdict."""
        stances = {cited["stance"] for cited in row["sources"]}
        is_fact = row["checkable"] == Claim.Kind.FACT
        return {
            "found_no_support": is_fact and Evidence.Stance.SUPPORTS not in stances,
            "found_no_refutation": is_fact and Evidence.Stance.REFUTES not in stances,
            "single_origin_reason": self.additions["single_origin_reasons"].get(row["id"], ""),
            "no_contact_reason": self.additions["no_contact_reason"] if is_fact else "",
        }

    def _evidence(self, row: dict[str, Any], review: Review) -> None:
        for position, cited in enumerate(row["sources"]):
            self.changes.row(
                f"{row['id']} sources[{position}]",
                Evidence,
                {"review": review, "position": position},
                {
                    "source": self._cited(cited),
                    "stance": cited["stance"],
                    "is_primary": cited["kind"] == "primary",
                    "summary": cited["excerpt"],
                    "note": cited["note"] or "",
                },
            )

    def _compare_review(self, row: dict[str, Any], claim: Claim) -> None:
        """Tell what differs from the verdict of the seed; what was published stays as it is."""
        review = claim.reviews.filter(author=self.author).order_by("number").last()
        if review is None or row["status"] != "verdict":
            return
        for field, wanted in self._verdict(row).items():
            old = getattr(review, field)
            if old != wanted:
                self.changes.notes.append(
                    f"{row['id']} {field}: “{old}” is published and stays. To say “{wanted}”, "
                    "revise the verdict."
                )
