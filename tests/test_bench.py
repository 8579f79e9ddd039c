"""The benches still run. What they measure is no matter here: see bench/README.md."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from bench import matching_files

pytestmark = pytest.mark.unmeasured
CLAIMS = 240


def run(*command, **environment):
    return subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.testing", **environment},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A small desk in a folder, and what the bench said of a few pages."""
    folder = tmp_path_factory.mktemp("desk")
    size = ["--small", CLAIMS, "--large", CLAIMS, "--folder", folder, "--json", folder / "it.json"]
    quick = ["--rounds", 1, "--most-ratio", 0, "--only", "work queue", "claims.recusal"]
    return folder, run("bench.desk", *size, *quick, "--database", "sqlite")


def test_the_desk_is_measured_page_by_page(measured):
    folder, done = measured

    assert done.returncode == 0, done.stdout + done.stderr
    pages = {result["page"]: result for result in json.loads((folder / "it.json").read_text())}
    assert pages["claims.recusal"]["looks"][0]["rows"] > 0
    assert {look["status"] for result in pages.values() for look in result["looks"]} == {200}
    assert "| work queue |" in done.stdout


def test_a_database_that_holds_rows_is_not_filled(measured):
    folder, _ = measured
    address = f"sqlite:///{folder}/desk-{CLAIMS}.sqlite3"

    done = run("bench.make_desk", "--claims", 60, DATABASE_URL=address)

    assert done.returncode == 1
    assert "This database is not empty" in done.stderr


def test_searching_is_measured_beside_the_engines_own_query(measured):
    folder, _ = measured
    size = ["--small", CLAIMS, "--large", CLAIMS, "--folder", folder, "--rounds", 1]

    done = run("bench.search", *size, "--json", folder / "search.json", "--database", "sqlite")

    assert done.returncode == 0, done.stdout + done.stderr
    results = {
        result["query"]: result for result in json.loads((folder / "search.json").read_text())
    }
    assert int(results["common word, ranked"]["found"][0]) > CLAIMS / 4
    assert results["rare word"]["raw"]
    assert "| save a claim, index kept |" in done.stdout


@pytest.fixture
def site(tmp_path, migrated_file):
    """What a bench with a site of its own is told."""
    return ["--json", tmp_path / "it.json", "--migrated", migrated_file]


def test_a_worker_looks_at_links_week_after_week(site):
    few = ["--sources", 12, "--hosts", 12, "--minutes", 1440 * 3, "--seconds", 1]

    done = run("bench.links", *few, *site)

    found = json.loads(site[1].read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    assert found["seen"]["most at once at a host"] == 1
    assert sum(batch["looks"] for batch in found["parts"][1]["batches"]) > 0
    assert "| a week |" in done.stdout


def test_a_copy_is_held_against_what_it_is_made_with(site):
    done = run("bench.captures", "--size", 20_000, "--rounds", 1, "--most-ratio", 0, *site)

    found = json.loads(site[1].read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    assert found["rounds"][0]["copy"] > found["rounds"][0]["alone"] / 2 > 0


def test_matching_is_measured_on_files_of_either_year(tmp_path):
    claims = {"a": "Wolves doubled in Saxony.", "b": "The bridge of Lindau was sold."}
    newer, older = tmp_path / "2022", tmp_path / "2020"
    (older / "dev").mkdir(parents=True)
    newer.mkdir()
    (newer / "vclaims.jsonl").write_text(
        "".join(
            json.dumps({"vclaim_id": key, "vclaim": text, "title": text, "subtitle": None}) + "\n"
            for key, text in claims.items()
        )
    )
    (newer / "Queries.tsv").write_text("q1\twolves in Saxony\nq2\tthe bridge was sold\n")
    (newer / "Dev_QRELs.tsv").write_text("q1\t0\ta\t1\nq2\t0\tb\t1\n")
    (older / "verified_claims.docs.tsv").write_text(
        "\tvclaim\ttitle\n" + "".join(f"{key}\t{text}\t{text}\n" for key, text in claims.items())
    )
    (older / "dev" / "tweets.queries.tsv").write_text("\ttweet_content\n1\twolves in Saxony\n")
    (older / "dev" / "pairs.qrels").write_text("1 0 a 1\n")

    done = run("bench.matching", newer, "--json", newer / "it.json")

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((newer / "it.json").read_text())[0]
    assert (result["queries"], result["count"]) == ("Dev_QRELs", 2)
    assert result["mean_average_precision"] == 1
    assert "| Dev_QRELs |" in done.stdout
    # What the older year’s files say comes to the same; to measure it too takes as long again.
    collection = matching_files.read(older)
    assert {key: told.claim for key, told in collection.claims.items()} == claims
    (queries,) = collection.queries
    assert (queries.name, queries.texts["1"]) == ("dev", "wolves in Saxony")
    assert queries.right == {"1": {"a"}}


def test_readers_pages_are_measured_beside_a_naive_site(measured, tmp_path):
    folder, _told = measured
    told = run(
        "bench.readers", "--claims", CLAIMS, "--folder", folder, "--rounds", 1, "--seconds", 0,
        "--json", tmp_path / "it.json", "--only", "API list of 50",
        "--sites", "cold", "naive", "raw",
    )  # fmt: skip

    (result,) = json.loads((tmp_path / "it.json").read_text())
    assert set(result["cpu"]) == {"cold", "naive", "raw"}
    assert all(size > 1000 for size in result["sizes"].values())
    assert "| API list of 50 |" in told.stdout
