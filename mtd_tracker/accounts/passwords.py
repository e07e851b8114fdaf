"""Passwords that are long and yet among the first that somebody would try.

Lists of common passwords hold short ones, because most people's are short. Forced to fifteen characters, people write
the same ones twice, add a year, or draw a finger along the keyboard. So a password is taken apart by rules, and is
refused where nothing but the usual is left. A few unrelated words are left alone.
"""

from functools import cache
from itertools import pairwise

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

# What people type instead of a letter. 1 stands for two letters, so both are tried.
DISGUISES = tuple(str.maketrans("0345781@$!", f"oeastb{letter}as{letter}") for letter in "il")

WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopü",
    "asdfghjklöä",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
STEPS = {pair for walk in WALKS for line in (walk, walk[::-1]) for pair in pairwise(line)}

# Long ones that everybody knows, without spaces and signs.
FAMOUS = (
    "correcthorsebatterystaple",
    "thequickbrownfoxjumpsoverthelazydog",
    "tobeornottobethatisthequestion",
    "loremipsumdolorsitamet",
    "maytheforcebewithyou",
    "iloveyousomuch",
    "nevergonnagiveyouup",
    "allyourbasearebelongtous",
    "inthebeginningwastheword",
    "itwasthebestoftimes",
    "twinkletwinklelittlestar",
    "supercalifragilisticexpialidocious",
    "supersecretpassword",
    "thisismypassword",
    "givepeaceachance",
    "imaginealltheword",
    "letmeinplease",
    "changemeplease",
)

# Words of this place, which anybody who tries here would try.
OF_THIS_PLACE = (
    "mtd",
    "tracker",
    "multi",
    "track",
    "multitrack",
    "diplomacy",
    "peace",
    "peacebuilding",
    "peacebuilder",
    "conflict",
    "initiative",
    "demo",
    "demonstration",
)


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Django's list, and what it makes when it is written twice, joined in pairs, disguised or walked along keys."""

    def validate(self, password, user=None):
        super().validate(password, user)
        if is_usual(password.lower(), frozenset(self.passwords) | frozenset(OF_THIS_PLACE)):
            raise ValidationError(
                "This password is long, but made of what many people use: a common word repeated, a row of keys, a "
                "known phrase. Take a few words that have nothing to do with each other.",
                code="password_too_common",
            )


def is_usual(password, common):
    """password: in small letters. common: words that many people use."""
    plain = "".join(character for character in password if character.isalnum() or character in "@$!")
    readings = {plain, *(plain.translate(disguise) for disguise in DISGUISES)}
    readings |= {"".join(filter(str.isalnum, reading)) for reading in readings}
    return any(
        _is_walk(reading) or _is_famous(reading) or _is_repeated(reading, common) or _is_pair(reading, common)
        for reading in readings
    )


def _is_walk(text):
    """Hardly a step that isn't the neighbouring key, the next letter, or the same again."""
    steps = list(pairwise(text))
    near = sum(pair in STEPS or pair[0] == pair[1] for pair in steps)
    return near >= 0.8 * len(steps)


def _is_famous(text):
    """A known phrase, or most of one, with next to nothing besides."""
    letters = "".join(filter(str.isalpha, text))
    begins = any(letters.startswith(phrase[:14]) and len(text) <= len(phrase) + 4 for phrase in FAMOUS)
    return begins or any(phrase in text and len(text) <= len(phrase) + 5 for phrase in FAMOUS)


def _is_repeated(text, common):
    """One piece again and again: short, or common in itself."""
    for size in range(1, len(text) // 2 + 1):
        piece = text[:size]
        if (piece * (len(text) // size + 1))[: len(text)] == text and (size <= 8 or _is_pair(piece, common)):
            return True
    return False


def _is_pair(text, common):
    """Nothing but one or two common words, however often each, and figures."""
    if len(text) > 64:
        return False

    @cache
    def rest_is(start, words):
        if start == len(text):
            return True
        if text[start].isdigit() and rest_is(start + 1, words):
            return True
        for end in range(start + 3, len(text) + 1):
            word = text[start:end]
            if word in common and (word in words or len(words) < 2) and rest_is(end, words | {word}):
                return True
        return False

    return rest_is(0, frozenset())
