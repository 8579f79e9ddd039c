"""How a card is drawn: 1200 × 630, the size that is asked for beside links."""

from io import BytesIO

from django.core.cache import caches
from PIL import Image, ImageDraw

from .content import Card
from .lettering import Lettering, options, set_text

WIDTH, HEIGHT = 1200, 630
MARGIN = 64
INK, DIM, PAPER = "#14171b", "#4a515a", "#ffffff"
# Fill, ink and wash of each mark in the light theme, as in static/site.css.
COLOURS = {
    "true": ("#00695c", "#005348", "#dff2ee"),
    "mtrue": ("#74cabd", "#075a50", "#e8f6f3"),
    "mixed": ("#f5e3a0", "#5a4900", "#fcf5da"),
    "mfalse": ("#f08a2c", "#843f00", "#fdecd9"),
    "false": ("#9c2a08", "#8a2306", "#fbe4db"),
    "unproven": ("#7f77c9", "#473c9b", "#eeecfa"),
    "none": ("#9aa2ad", "#4a515a", "#f3f5f6"),
}
VERDICT = (MARGIN, 326, WIDTH - MARGIN, 536)
"""The block of the verdict; the claim stands above it and the site's name below."""
FINER = 4
"""Marks are drawn so many times larger and then made smaller, for smooth edges."""


def picture_of(card: Card) -> bytes:
    """Return the card as a PNG file. The newest pictures are kept."""
    kept = caches["cards"]
    picture: bytes | None = kept.get(card.key)
    if picture is None:
        picture = _draw(card)
        kept.set(card.key, picture)
    return picture


def _draw(card: Card) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 12), fill=INK)
    if card.word:
        _draw_claim(pen, card)
        _draw_verdict(image, pen, card)
    else:
        text = _set(card.text, card.language, (72, 60), WIDTH - 2 * MARGIN, 4, bold=True)
        _write(pen, text, MARGIN, 150, WIDTH - 2 * MARGIN, INK)
    image.paste(_mark("brand", INK, 40), (MARGIN, 560))
    _write(pen, _set(card.site, "", (30,), 1000, 1, bold=True), MARGIN + 56, 560, 1000, INK)
    file = BytesIO()
    # Few colours, so that it is small: letters on paper, and one hue.
    few = image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return file.getvalue()


def _draw_claim(pen: ImageDraw.ImageDraw, card: Card) -> None:
    width = WIDTH - 2 * MARGIN
    most_lines = 3 if card.said_by else 4
    text = _set(card.text, card.language, (50, 44, 38), width, most_lines)
    text = text or _set(card.name, "", (50,), width, 1)
    said_by = _set(card.said_by, card.language, (28,), width, 1)
    bottom = _write(pen, text, MARGIN, 52, width, INK)
    _write(pen, said_by, MARGIN, bottom + 8, width, DIM, is_rtl=text.is_rtl if text else False)


def _draw_verdict(image: Image.Image, pen: ImageDraw.ImageDraw, card: Card) -> None:
    fill, ink, wash = COLOURS[card.mark]
    word = _set(card.word, "", (52, 44), 900, 1, bold=True)
    finding = _set(card.finding, card.language, (32, 28), VERDICT[2] - VERDICT[0] - 80, 2)
    is_rtl = word.is_rtl if word else False
    pen.rectangle(VERDICT, fill=wash, outline=ink, width=2)
    start, top, end, bottom = VERDICT
    edge = (end - 16, top, end, bottom) if is_rtl else (start, top, start + 16, bottom)
    pen.rectangle(edge, fill=fill)
    top += 22 if card.finding else 72
    place = end - 40 - 60 if is_rtl else start + 40
    image.paste(_mark(card.mark, ink, 60, wash), (place, top + 4))
    beside = place - 20 - 900 if is_rtl else place + 80
    _write(pen, word, beside, top - 4, 900, ink)
    _write(pen, finding, start + 40, top + 80, end - start - 80, INK)


def _set(
    text: str, language: str, sizes: tuple[int, ...], width: int, most_lines: int, *,
    bold: bool = False,
) -> Lettering | None:  # fmt: skip
    return set_text(
        text, language, sizes=sizes, width=width, most_lines=most_lines, bold=bold
    )  # fmt: skip


def _write(
    pen: ImageDraw.ImageDraw, text: Lettering | None, left: int, top: int, width: int, colour: str,
    *, is_rtl: bool | None = None,
) -> int:  # fmt: skip
    """Write lines from their start edge; return where they end. None is nothing."""
    if text is None:
        return top
    from_right = text.is_rtl if is_rtl is None else is_rtl
    for line in text.lines:
        place = (left + width, top) if from_right else (left, top)
        anchor = "ra" if from_right else "la"
        pen.text(place, line, colour, text.font, anchor, **options(text.is_rtl))
        top += text.line_height
    return top


def _mark(mark: str, ink: str, size: int, paper: str = PAPER) -> Image.Image:
    """Return the icon of a mark, as in templates/_icons.html."""
    image = Image.new("RGB", (size * FINER, size * FINER), paper)
    pen = ImageDraw.Draw(image)
    unit = size * FINER / 16

    def at(*points: float) -> list[float]:
        return [point * unit for point in points]

    def line(width: float, colour: str, *points: float) -> None:
        pen.line(at(*points), colour, round(width * unit), "curve")

    ring, thin, cross = at(0.6, 0.6, 15.4, 15.4), round(1.5 * unit), (5.4, 5.4, 10.6, 10.6)
    match mark:
        case "true":
            pen.ellipse(at(0.5, 0.5, 15.5, 15.5), ink)
            line(1.9, paper, 4.2, 7.7, 6.9, 10.4, 11.9, 5.1)
        case "mtrue":
            pen.ellipse(ring, outline=ink, width=thin)
            line(1.9, ink, 4.5, 8.2, 7, 10.7, 11.6, 5.7)
        case "mixed":
            pen.ellipse(ring, outline=ink, width=thin)
            pen.pieslice(ring, 90, 270, ink)
        case "mfalse" | "false":
            pen.polygon(at(8, 0, 16, 8, 8, 16, 0, 8), ink)
            if mark == "mfalse":
                pen.polygon(at(8, 2.1, 13.9, 8, 8, 13.9, 2.1, 8), paper)
            colour = ink if mark == "mfalse" else paper
            line(1.8, colour, *cross)
            line(1.8, colour, cross[2], cross[1], cross[0], cross[3])
        case "unproven":
            for angle in range(0, 360, 36):
                pen.arc(ring, angle, angle + 22, ink, thin)
            pen.arc(at(5.6, 3.9, 10.4, 8.7), 170, 420, ink, round(1.6 * unit))
            line(1.6, ink, 8.9, 8.2, 8, 9.9)
            pen.ellipse(at(7, 10.9, 9, 12.9), ink)
        case "none":
            line(
                1.5, ink, 1, 2.2, 15, 2.2, 15, 11.2, 7.6, 11.2, 4.2, 14, 4.2, 11.2, 1, 11.2, 1, 2.2
            )
            line(1.5, ink, 4.5, 6.7, 11.5, 6.7)
        case _:
            pen.polygon(
                at(1.5, 2, 14.5, 2, 14.5, 11.5, 8.5, 11.5, 5, 14.5, 5, 11.5, 1.5, 11.5), ink
            )
            line(1.5, paper, 4.7, 6.7, 7, 9, 11.4, 4.5)
    return image.resize((size, size), Image.Resampling.LANCZOS)
