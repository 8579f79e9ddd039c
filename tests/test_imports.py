"""Who may know of whom, and where what readers see must start."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent
READER_CODE = [
    *sorted(
        path
        for folder in ("claims/views", "claims/api", "claims/templatetags")
        for path in (ROOT / folder).rglob("*.py")
    ),
    ROOT / "tips/views.py",
]
# What is public only in part.
GUARDED = {
    "Appearance", "BlindRating", "Claim", "Evidence", "PublicCopy", "Review", "Snapshot", "Source",
    "Speaker", "Topic",
}  # fmt: skip
STARTS = {"visible", "published"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}
APPS = ["config", "tips", "claims", "sources", "accounts"]
# The careful client, and what opens only an address that is a setting.
CLIENTS = [ROOT / "sources/fetching", ROOT / "sources/internet_archive.py"]
# Ways to open a connection to an address, in Python's library and in what is installed.
CONNECTING = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "socket",
    "ssl",
    "trafilatura.downloads",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}


def unguarded_lines(code):
    """Return the numbers of the lines that read guarded rows from elsewhere than their start."""
    return sorted(node.lineno for node in ast.walk(ast.parse(code)) if is_unguarded(node))


def is_unguarded(node):
    if isinstance(node, ast.Attribute) and node.attr not in STARTS:
        manager = node.value
        return (
            isinstance(manager, ast.Attribute)
            and manager.attr in MANAGERS
            and is_guarded_model(manager.value)
        )
    if isinstance(node, ast.Call):
        return (
            isinstance(node.func, ast.Name)
            and node.func.id in SHORTCUTS
            and is_guarded_model(node.args[0])
        )
    return isinstance(node, ast.ClassDef) and node.name != "Meta" and names_a_guarded_model(node)


def names_a_guarded_model(view):
    """Say whether a generic view takes all rows of a model, as `model = Claim` makes it do."""
    return any(
        isinstance(line, ast.Assign)
        and getattr(line.targets[0], "id", "") == "model"
        and is_guarded_model(line.value)
        for line in view.body
    ) and not any(
        isinstance(line, ast.FunctionDef) and line.name == "get_queryset" for line in view.body
    )


def is_guarded_model(node):
    return getattr(node, "id", getattr(node, "attr", "")) in GUARDED


def test_every_import_points_in_the_allowed_direction(capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", READER_CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_reader_code_starts_at_what_readers_may_see(path):
    lines = unguarded_lines(path.read_text())

    assert lines == [], "Start at .visible(), .published() or a function of claims.visibility."


@pytest.mark.parametrize(
    "code",
    [
        "Claim.objects.all()",
        "models.Claim.objects.filter(pk=1)",
        "Review._default_manager.get(pk=1)",
        "get_object_or_404(Source, pk=1)",
        "class Page(DetailView):\n    model = Claim",
    ],
)
def test_guard_sees_rows_that_nothing_kept_from_readers(code):
    assert unguarded_lines(code)


@pytest.mark.parametrize(
    "code",
    [
        "Claim.objects.visible().filter(pk=1)",
        "Rating.objects.all()",
        "get_object_or_404(visible_sources(), pk=1)",
        "class Meta:\n    model = Claim",
    ],
)
def test_guard_lets_pass_what_starts_right(code):
    assert not unguarded_lines(code)


def connecting_lines(code):
    """Return the numbers of the lines that import something that opens connections."""
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(code))
        for name in names_imported(node)
        if any(name == module or name.startswith(f"{module}.") for module in CONNECTING)
    )


def names_imported(node):
    """Return the full names of what a line imports, `from urllib import request` too."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def test_only_the_careful_client_opens_connections_to_addresses():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "tests" not in path.parts and not {path, *path.parents} & set(CLIENTS)
        for line in connecting_lines(path.read_text())
    ]

    assert found == [], "Use sources.fetching.fetch: it knows which addresses may be opened."


@pytest.mark.parametrize(
    "code",
    [
        "import socket",
        "import urllib.request as ask",
        "from urllib import request",
        "from urllib.request import urlopen",
        "def late():\n    import requests.adapters",
        "from trafilatura.downloads import fetch_url",
    ],
)
def test_guard_sees_what_opens_connections(code):
    assert connecting_lines(code)


def test_guard_lets_pass_what_opens_none():
    assert not connecting_lines("from urllib.parse import urlsplit\nfrom . import requests")
