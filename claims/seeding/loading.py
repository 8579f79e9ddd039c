"""Loading the parts of the seed, each whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.history import remembered_as

from ..models import Appearance, Rating
from .article import ArticleLoad
from .checking import (
    RATING,
    ROLE,
    SeedError,
    check_additions,
    check_claims,
    check_rows,
    read_json,
    read_text,
)
from .comparing import Changes

PARTS = ("ratings", "groups", "article")


@dataclass(frozen=True)
class Outcome:
    """What loading a part did, or would do with `update`."""

    part: str
    changes: Changes
    is_new: bool
    is_applied: bool


def load(folder: Path, parts: tuple[str, ...] = PARTS, *, update: bool = False) -> list[Outcome]:
    """Load parts of the seed in `folder`; return what each did.

    A part that was loaded before and differs is changed only with `update`. Everything is checked
    before anything is written; raises SeedError naming every claim and field that is wrong.
    """
    files = {name: read_json(folder / f"{name}.json") for name in ("ratings", "groups")}
    check_rows("ratings.json", files["ratings"], RATING, "slug")
    check_rows("groups.json", files["groups"], ROLE, "name")
    if "article" in parts:
        _check_what_it_stands_on(parts)
        files |= {
            "text": read_text(folder / "article" / "article.txt"),
            "claims": read_json(folder / "article" / "claims.json"),
            "additions": read_json(folder / "article" / "additions.json"),
        }
        check_additions(files["additions"])
        scale = {rating["slug"] for rating in files["ratings"]}
        check_claims(files["claims"], files["text"], files["additions"], scale)
    with transaction.atomic(), remembered_as(reason="load_seed"):
        return [_load_part(part, files, update) for part in PARTS if part in parts]


def _check_what_it_stands_on(parts: tuple[str, ...]) -> None:
    stored = {"ratings": Rating.objects.exists, "groups": Group.objects.exists}
    missing = [name for name, exists in stored.items() if name not in parts and not exists()]
    if missing:
        raise SeedError([f"article: load {' and '.join(missing)} first, or all parts at once"])


def _load_part(part: str, files: dict[str, Any], update: bool) -> Outcome:
    loader, loaded_before = {
        "ratings": (_load_ratings, Rating.objects.exists),
        "groups": (_load_groups, Group.objects.exists),
        "article": (_load_article, Appearance.objects.exists),
    }[part]
    is_new = not loaded_before()
    changes = Changes()
    with transaction.atomic():
        loader(changes, files)
        is_applied = is_new or update
        if not is_applied:
            transaction.set_rollback(True)
    return Outcome(part, changes, is_new, is_applied)


def _load_ratings(changes: Changes, files: dict[str, Any]) -> None:
    for row in files["ratings"]:
        wanted = {field: value for field, value in row.items() if field != "slug"}
        changes.row(f"rating {row['slug']}", Rating, {"slug": row["slug"]}, wanted)


def _load_groups(changes: Changes, files: dict[str, Any]) -> None:
    for row in files["groups"]:
        group = changes.row(f"role {row['name']}", Group, {"name": row["name"]}, {})
        permissions = [_permission(row["name"], name) for name in row["permissions"]]
        changes.members(f"role {row['name']}", group.permissions, permissions)


def _permission(role: str, name: str) -> Permission:
    app, codename = name.split(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None:
        raise SeedError([f"role {role}, permissions: there is no “{name}”"])
    return found


def _load_article(changes: Changes, files: dict[str, Any]) -> None:
    ArticleLoad(changes, files["additions"]).run(files["text"], files["claims"])
