"""Text as it is searched: without case, accents and the ways in which one word of Arabic is written.

What is searched and what is searched for are folded alike, so that "Négociation" is found by "negociation".
"""

import unicodedata

UNSPOKEN = ("Mn", "Cf")  # accents, vowel signs and hamza once they are taken apart; joiners and marks of direction
ALIKE = str.maketrans(
    {
        "\u0640": None,  # tatweel, which only makes a word longer
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # as Persian writes it
        "ک": "ك",
        "ة": "ه",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
    }
    | {chr(first + digit): str(digit) for first in (0x0660, 0x06F0) for digit in range(10)}
)


def folded(text):
    """Shape: words with one blank between them."""
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in letters if unicodedata.category(letter) not in UNSPOKEN)
    return " ".join(kept.translate(ALIKE).split())
