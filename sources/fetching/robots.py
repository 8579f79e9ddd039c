"""Reading robots.txt as RFC 9309 says.

`urllib.robotparser` takes the first rule that fits instead of the longest, knows no `*` and no `$`,
and finds our name inside of other names; so the rules are read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

MAX_BYTES = 500 * 1024
"""RFC 9309, section 2.5: at least so much is read; the rest may be ignored."""
MAX_DELAY = 30
_MAX_STARS = 20


@dataclass
class Rules:
    """What a site asks of one program: paths with whether they are allowed, seconds between."""

    paths: list[tuple[str, bool]] = field(default_factory=list)
    delay: float = 0

    def allow(self, target: str) -> bool:
        """Say whether the path and query `target` may be read: the longest rule decides.

        Of two rules of one length the allowing one wins; without a rule everything is allowed.
        """
        target = _comparable(target)
        if target == "/robots.txt":
            return True
        fitting = [(len(path), allows) for path, allows in self.paths if _fits(path, target)]
        return max(fitting, default=(0, True))[1]


def rules_for(agent: str, text: str) -> Rules:
    """Return the rules of `text` for the program named `agent`.

    Those of all groups that name it, or else of those for `*`. What is no rule is passed over.
    """
    named, others, found = Rules(), Rules(), False
    for agents, kind, value in _lines(text):
        if agent.lower() in agents:
            found = True
            _add(named, kind, value)
        elif "*" in agents:
            _add(others, kind, value)
    return named if found else others


def _lines(text: str) -> Iterator[tuple[set[str], str, str]]:
    """Yield each rule with the programs of its group; a group without rules yields an empty one."""
    agents: set[str] = set()
    in_rules = True
    for line in text.removeprefix("\ufeff").splitlines():
        kind, _colon, value = line.partition("#")[0].partition(":")
        kind, value = kind.strip().lower(), value.strip()
        if kind == "user-agent":
            agents = {value.lower()} if in_rules else agents | {value.lower()}
            in_rules = False
            yield agents, "", ""
        elif kind in ("allow", "disallow", "crawl-delay"):
            in_rules = True
            yield agents, kind, value


def _add(rules: Rules, kind: str, value: str) -> None:
    if kind == "crawl-delay":
        rules.delay = _seconds(value)
    elif kind and value and value.count("*") <= _MAX_STARS:
        rules.paths.append((_comparable(value), kind == "allow"))


def _seconds(value: str) -> float:
    try:
        return max(0, min(float(value), MAX_DELAY))
    except ValueError:
        return 0


def _comparable(path: str) -> str:
    """Return a path with each character encoded in one way (RFC 9309, section 2.2.2)."""
    return quote(
        unquote(path, errors="surrogateescape"), safe="/*$?=&;:@!'()+,~", errors="surrogateescape"
    )


def _fits(rule: str, target: str) -> bool:
    """Say whether a rule fits from the start; `*` stands for anything, `$` at the end for the end.

    Piece by piece, without a regular expression: a site writes the rule, and could write one that
    takes forever.
    """
    is_whole = rule.endswith("$")
    first, *pieces = rule.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    if not pieces:
        return not is_whole or target == first
    position = len(first)
    for piece in pieces[:-1]:
        position = target.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    if is_whole:
        return target.endswith(pieces[-1]) and len(target) - len(pieces[-1]) >= position
    return target.find(pieces[-1], position) >= 0
