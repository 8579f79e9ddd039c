"""The cards of claims, and what pages tell those who show a link to them."""

import html as markup
import re
from io import BytesIO

import pytest
from django.conf import settings
from PIL import Image

from claims import cards, workflow
from claims.cards import lettering
from claims.cards.drawing import COLOURS
from claims.models import Claim, Rating

from . import factories


def told(client, path):
    """Return what a page tells of itself: OpenGraph's properties by name."""
    page = client.get(path).content.decode()
    pairs = re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page)
    return {name: markup.unescape(value) for name, value in pairs}


def card_path(client, path):
    return told(client, path)["image"].removeprefix("http://testserver")


def drawn(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    return Image.open(BytesIO(response.content)).convert("RGB")


def colours(image):
    return {colour for _count, colour in image.getcolors(maxcolors=1 << 20)}


def lettered(text, language="en", *, width=1000, most_lines=3):
    return lettering.set_text(
        text, language, sizes=(40,), width=width, most_lines=most_lines, bold=False
    )


def test_a_claim_tells_its_rating_its_finding_and_its_card(client, published_claim):
    page = told(client, f"/claims/{published_claim.pk}/")

    assert page["title"] == f"Mostly true: {published_claim.text}"
    assert page["description"] == "The figures are right, the year is not."
    assert page["type"] == "article"
    assert page["site_name"] == settings.SITE_NAME
    assert page["url"] == f"http://testserver/claims/{published_claim.pk}/"
    assert re.fullmatch(
        rf"http://testserver/claims/{published_claim.pk}/card-[0-9a-f]{{16}}\.png", page["image"]
    )


def test_a_card_is_a_picture_of_the_size_that_pages_tell_and_kept_for_good(client, published_claim):
    page = told(client, f"/claims/{published_claim.pk}/")
    response = client.get(page["image"])
    image = drawn(response)

    assert image.size == (int(page["image:width"]), int(page["image:height"])) == (1200, 630)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(response.content) < 60_000


def test_what_stands_in_quotes_and_brackets_stays_one_attribute(client, ratings):
    claim = factories.make_published_claim('They said "<b>taxes</b> & rents" fell.')

    assert told(client, f"/claims/{claim.pk}/")["title"].endswith(claim.text)


def test_a_correction_has_a_card_of_its_own_and_the_old_address_leads_to_it(
    client, published_claim, reviewer, editor, ratings
):
    path = f"/claims/{published_claim.pk}/"
    before = card_path(client, path)
    old = client.get(before).content
    draft = workflow.revise(
        published_claim, by=reviewer, kind="correction", note="We misread the table."
    )
    factories.complete(draft, rating=ratings["false"], finding="It was not so.")
    while_drafted = card_path(client, path)
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=editor)
    after = card_path(client, path)

    assert while_drafted == before
    assert after != before
    assert client.get(before)["Location"] == after
    assert "max-age" not in client.get(before)["Cache-Control"]
    assert client.get(after).content != old


def test_a_claim_in_review_has_the_card_of_the_site_whatever_its_draft_says(
    client, reviewer, ratings
):
    claim = factories.make_claim()
    before = card_path(client, f"/claims/{claim.pk}/")
    factories.make_review(claim, author=reviewer, rating=ratings["false"])

    assert card_path(client, f"/claims/{claim.pk}/") == before == card_path(client, "/")
    assert client.get(f"/claims/{claim.pk}/card-0.png")["Location"] == before
    assert drawn(client.get(before)).size == (1200, 630)
    assert client.get("/card-0.png")["Location"] == before


def test_a_withdrawn_verdict_is_on_no_card(client, published_claim, editor):
    path = f"/claims/{published_claim.pk}/"
    before = card_path(client, path)
    workflow.retract(published_claim.reviews.get(), by=editor, note="We misread the table.")
    claim = Claim.objects.for_card().get(pk=published_claim.pk)

    assert card_path(client, path) != before
    assert client.get(before)["Location"] == card_path(client, path)
    card = cards.card_of(claim)
    assert (card.word, card.mark, card.finding) == ("We withdrew our verdict", "none", "")


@pytest.mark.parametrize("status", ["new", "declined"])
def test_a_claim_that_is_not_public_has_no_card(client, db, status):
    claim = factories.make_claim(status=status)

    assert client.get(f"/claims/{claim.pk}/card-0.png").status_code == 404


def test_the_page_of_an_old_version_shows_the_card_of_what_stands(
    client, published_claim, reviewer, editor, ratings
):
    draft = workflow.revise(
        published_claim, by=reviewer, kind="correction", note="We misread the table."
    )
    factories.complete(draft, rating=ratings["false"])
    workflow.submit(draft, by=reviewer)
    factories.publish(draft, by=editor)
    path = f"/claims/{published_claim.pk}/"

    assert card_path(client, f"{path}v1/") == card_path(client, path)


def test_a_preview_of_a_draft_shows_the_card_of_the_site(client, editor, reviewer):
    review = factories.make_review(author=reviewer)
    client.force_login(editor)

    page = told(client, f"/admin/claims/review/{review.pk}/preview/")

    assert page["image"].endswith(cards.site_card().key + ".png")


def test_other_pages_tell_what_they_are(client, published_claim):
    speaker = factories.make_speaker("Ada", description="A mayor.")
    factories.make_claim(speaker=speaker)
    source = published_claim.appearances.get().snapshot.source

    assert told(client, "/")["title"].startswith("Was it true?")
    assert told(client, "/speakers/ada/")["description"] == "A mayor."
    assert told(client, "/speakers/ada/")["type"] == "profile"
    assert told(client, f"/articles/{source.pk}/")["type"] == "article"
    assert told(client, f"/sources/{source.pk}/")["description"]
    assert told(client, "/claims/")["url"] == "http://testserver/claims/"


def test_a_list_that_is_narrowed_is_not_taken_for_the_whole_list(client, db):
    assert "url" not in told(client, "/claims/?q=taxes")


def test_a_card_takes_two_queries(client, published_claim, django_assert_num_queries):
    path = card_path(client, f"/claims/{published_claim.pk}/")

    with django_assert_num_queries(2):
        client.get(path)


def test_a_card_is_drawn_once(client, published_claim, monkeypatch):
    path = card_path(client, f"/claims/{published_claim.pk}/")
    first = client.get(path).content
    monkeypatch.setattr(cards.drawing, "_draw", lambda card: pytest.fail("drawn again"))

    assert client.get(path).content == first


@pytest.mark.parametrize("mark", Rating.Mark.values)
def test_a_card_has_the_colours_that_its_mark_has_on_pages(mark):
    css = (settings.BASE_DIR / "static/site.css").read_text()
    rule = re.search(rf"\.r-{mark}[,)].*", css)[0]
    fill, ink, wash = re.search(
        r"--f: (#\w+); --i: light-dark\((#\w+).*--w: light-dark\((#\w+)", rule
    ).groups()
    card = cards.Card("Site", "Taxes rose.", mark=mark, word="Word", finding="So it is.")

    assert COLOURS[mark] == (fill, ink, wash)
    image = Image.open(BytesIO(cards.picture_of(card))).convert("RGB")
    assert len(colours(image)) > 8


@pytest.mark.parametrize(
    ("text", "language", "is_rtl"),
    [
        ("Éva Őry said “žluťoučký” Жук α – 5 €…", "cs", False),
        ("قال المجلس إن الضرائب تضاعفت في عام 2024 (GPT).", "ar", True),
        ("परिषद ने कहा कि करों में दोगुनी वृद्धि हुई।", "hi", False),
        ("全球人工智能大语言模型数量已达1328个。", "zh-Hans", False),
        ("税金は2倍になった。", "ja", False),
        ("세금이 두 배가 되었다.", "ko", False),
    ],
)
def test_every_letter_of_a_text_is_written(text, language, is_rtl):
    found = lettered(text, language)

    assert "".join(found.lines).replace(" ", "") == text.replace(" ", "")
    assert found.is_rtl == is_rtl


def test_arabic_letters_are_joined():
    font = lettered("ببب").font

    apart = sum(font.getlength(letter) for letter in "ببب")
    assert font.getlength("ببب", direction="rtl") != pytest.approx(apart, abs=1)


def test_long_texts_end_in_an_ellipsis_and_fit():
    for text in ("word " * 200, "w" * 900, "全球人工智能，" * 150):
        found = lettered(text)

        assert len(found.lines) == 3
        assert found.lines[-1].endswith("…")
        assert all(found.font.getlength(line) <= 1000 for line in found.lines)


def test_chinese_lines_begin_with_no_comma():
    found = lettered("全球人工智能，" * 30, "zh", most_lines=20)

    assert not any(line.startswith("，") for line in found.lines)


def test_a_sign_without_a_glyph_is_left_out_and_a_text_without_glyphs_is_not_written():
    assert lettered("Taxes 🎉 rose.").lines == ["Taxes rose."]
    assert lettered("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ") is None


def test_a_font_that_the_newsroom_names_writes_its_script(settings, monkeypatch):
    ours = str(lettering.CJK)
    monkeypatch.setattr(lettering, "CJK", lettering.fontpkg.path("Noto Sans"))
    without = lettered("税金は2倍になった。", "ja")
    settings.CARD_FONTS = [ours]

    assert without is None
    assert lettered("税金は2倍になった。", "ja").lines == ["税金は2倍になった。"]
