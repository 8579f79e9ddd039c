"""What a browser would post: the fields of a form as the page fills them."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, name):
        super().__init__()
        self.name = name
        self.inside = False
        self.posted = {}
        self.select = self.textarea = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.name
        if tag == "option" and self.select and "selected" in given:
            self.add(self.select, given.get("value", ""))
        if not self.inside or "disabled" in given or not given.get("name"):
            return
        if tag == "select":
            self.select = given["name"]
        elif tag == "textarea":
            self.textarea = given["name"]
            self.posted[self.textarea] = [""]
        elif tag == "input":
            self.handle_input(given)

    def handle_input(self, given):
        kind = given.get("type", "text")
        if kind in ("submit", "button", "reset", "file"):
            return
        if kind not in ("checkbox", "radio") or "checked" in given:
            self.add(given["name"], given.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, text):
        if self.textarea:
            self.posted[self.textarea][0] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            # The first line break after the tag is not part of the value.
            text = self.posted[self.textarea][0].replace("\r\n", "\n")
            self.posted[self.textarea] = [text.removeprefix("\n")]
            self.textarea = None

    def add(self, name, value):
        self.posted.setdefault(name, []).append(value)


def posted_by(response, name):
    """Return what the form with this id posts when nothing is typed, as lists by field."""
    form = _Form(name)
    form.feed(response.content.decode())
    assert form.posted, f"no form “{name}” on the page"
    return form.posted
