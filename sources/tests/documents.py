"""Documents for tests: a page, a PDF that says what it is told, the beginning of an image."""

import io

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

SENTENCE = "The council said on Monday that taxes doubled within three years, to general surprise."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def page(sentence=SENTENCE, *, head="", more=""):
    """Return an HTML page with one article."""
    return (
        f'<!doctype html><html lang="en"><head><title>Taxes doubled</title>{head}</head>'
        f"<body><nav>Home</nav><article><h1>Taxes doubled</h1><p>{sentence}</p>"
        f"<p>Nobody asked for that, a speaker of the council told this paper.</p>{more}</article>"
        "</body></html>"
    ).encode()


def pdf(*sentences, title="", password="", packed=False):
    """Return a PDF with a page for each sentence."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for sentence in sentences:
        sheet = writer.add_blank_page(300, 300)
        sheet[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({sentence}) Tj ET".encode())
        sheet[NameObject("/Contents")] = stream.flate_encode() if packed else stream
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
