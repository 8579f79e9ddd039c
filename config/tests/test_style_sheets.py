"""The two style sheets: one of readers, one of the desk."""

from django.conf import settings

BEGIN, END = "/* ratings: ", "/* end of ratings */"


def ratings_in(name):
    sheet = (settings.BASE_DIR / "static" / name).read_text()
    assert sheet.count(BEGIN) == sheet.count(END) == 1
    return sheet.split(BEGIN)[1].split(END)[0]


def test_ratings_look_the_same_to_readers_and_reviewers():
    """A page loads one sheet, so each has a copy of what both share."""
    assert ratings_in("site.css") == ratings_in("admin-claims.css")


def test_a_page_loads_one_sheet(client, db):
    assert client.get("/").content.decode().count('rel="stylesheet"') == 1
