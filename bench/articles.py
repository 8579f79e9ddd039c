"""Made-up articles of the web: HTML of a given size, no two the same."""

from html import escape
from random import Random

from . import words

COMMENTS = 0.15
"""The share of an article's page that its readers wrote below it."""


def article(random: Random, size: int) -> bytes:
    """Return the page of an article of about `size` bytes: what a newspaper's page is made of."""
    title = escape(words.sentence(random)[:-1])
    parts: list[str] = []
    length, end = 0, size * (1 - COMMENTS)
    while length < end:
        parts.append(_part(random))
        length += len(parts[-1])
    comments: list[str] = []
    while length < size:
        comments.append(_comment(random, len(comments)))
        length += len(comments[-1])
    return _PAGE.format(
        title=title,
        author=escape(words.name(random, random.randint(1, 99))),
        day=f"20{random.randint(10, 26)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
        menu="".join(f'<li><a href="/{topic}/">{topic}</a></li>' for topic in words.TOPICS),
        text="\n".join(parts),
        comments="\n".join(comments),
    ).encode()


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Courier</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="Courier">
<meta name="author" content="{author}">
<meta property="article:published_time" content="{day}T08:00:00+00:00">
<style>body {{ margin: 0 }} .lead {{ font-weight: bold }}</style>
<script>window.visits = window.visits || []; window.visits.push("{day}");</script>
</head><body><header><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By {author}, <time>{day}</time></p>
{text}
</article></main>
<section id="comments" class="comments"><h2>Comments</h2>
{comments}
</section>
<aside><h2>More</h2><ul>{menu}</ul></aside>
<footer><p>All rights reserved.</p></footer></body></html>
"""


def _part(random: Random) -> str:
    makers = (_paragraph, _list, _table, _quote, _heading)
    (maker,) = random.choices(makers, weights=(80, 6, 4, 4, 6))
    return maker(random)


def _paragraph(random: Random) -> str:
    return f"<p>{' '.join(_sentence(random) for _ in range(random.randint(2, 7)))}</p>"


def _sentence(random: Random) -> str:
    """Return a sentence, of which some hold a link or a stressed word."""
    text = escape(words.sentence(random))
    chance = random.random()
    if chance < 0.12:
        first, _, rest = text.partition(" ")
        return f'{first} <a href="/news/{random.randint(1, 10**6)}">{rest[:-1]}</a>.'
    return text.replace(" the ", " <em>the</em> ", 1) if chance < 0.2 else text


def _list(random: Random, depth: int = 0) -> str:
    items = []
    for _ in range(random.randint(2, 6)):
        inner = _list(random, depth + 1) if depth < 3 and random.random() < 0.2 else ""
        items.append(f"<li>{_sentence(random)}{inner}</li>")
    tag = random.choice(["ul", "ol"])
    return f"<{tag}>{''.join(items)}</{tag}>"


def _table(random: Random) -> str:
    heads = "".join(f"<th>{escape(word)}</th>" for word in random.sample(words.OBJECTS, 4))
    rows = (
        "".join(f"<td>{random.randint(1, 99999)}</td>" for _ in range(4))
        for _ in range(random.randint(3, 12))
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _quote(random: Random) -> str:
    return f"<blockquote><p>{_sentence(random)} {_sentence(random)}</p></blockquote>"


def _heading(random: Random) -> str:
    return f"<h2>{escape(words.sentence(random)[:-1])}</h2>"


def _comment(random: Random, number: int) -> str:
    who = escape(words.name(random, number))
    text = " ".join(_sentence(random) for _ in range(random.randint(1, 4)))
    reply = _comment(random, number + 1000) if random.random() < 0.2 else ""
    return (
        f'<div class="comment" id="comment-{number}"><p class="who">{who}</p>'
        f"<p>{text}</p>{reply}</div>"
    )
