"""Which passwords are refused though they are long; and which are not."""

import random

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from mtd_tracker.accounts.models import User
from mtd_tracker.accounts.passwords import CommonPasswordValidator

USUAL = (
    "passwordpassword",
    "password12345678",
    "Password2024!Password",
    "123456789012345",
    "1234567890123456",
    "111111111111111",
    "aaaaaaaaaaaaaaaa",
    "abcabcabcabcabc",
    "abcdefghijklmnop",
    "qwertyuiopasdfgh",
    "qwertyqwerty1234",
    "1qaz2wsx3edc4rfv",
    "1q2w3e4r5t6y7u8i",
    "zxcvbnmasdfghjkl",
    "azertyuiopqsdfgh",
    "correct horse battery staple",
    "correcthorsebatterystaple1",
    "C0rrect-Horse-Battery-Staple",
    "p@ssw0rdp@ssw0rd",
    "P4$$w0rd P4$$w0rd",
    "letmeinletmein123",
    "mtdtracker2026!!",
    "multitrackdiplomacy",
    "MultiTrack-Diplomacy-1",
    "peacebuilding2026",
    "demo-peace-2026",
    "iloveyouiloveyou",
    "welcome123456789",
    "adminadminadmin",
    "dragonmonkey12345",
    "thequickbrownfox",
    "The quick brown fox",
    "maytheforcebewithyou",
    "0987654321098765",
    "sunshine sunshine",
    "football2023football",
    "qazwsxedcrfvtgb1",
    "987654321987654321",
    "passwordpasswordpassword",
    "changemechangeme",
)

GOOD = (
    "seven quiet rivers",
    "three slow clouds",
    "four words of mine, unrelated",
    "purple anchor mustard violin",
    "dragon monkey orange purple",
    "teapot granite umbrella",
    "kitchen window thunder 48",
    "my dog eats blue cheese on tuesdays",
    "Der Kaffee ist heute zu kalt",
    "x7#Kd92mQ!pL4vRz",
    "gT5kWq8ZbN3yHc2E",
    "el gato azul duerme tarde",
    "nuit blanche sous la lampe",
    "حديقة صغيرة خلف المكتبة",
    "winter guitar lemon",
    "cheese-battery-window-lamp",
    "horses never read newspapers",
    "umbrella8teapot3granite",
    "salt thunder copper moss",
    "river stone falcon amber",
)


@pytest.mark.parametrize("password", USUAL)
def test_what_many_people_would_write_is_refused_at_any_length(password):
    with pytest.raises(ValidationError, match=r"common|what many people use"):
        CommonPasswordValidator().validate(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_few_unrelated_words_are_left_alone_and_so_is_chance(password):
    CommonPasswordValidator().validate(password)


def test_three_words_by_chance_are_never_refused_however_common_each_is():
    validator = CommonPasswordValidator()
    words = sorted(word for word in validator.passwords if word.isalpha() and 5 <= len(word) <= 8)
    chance = random.Random(7)  # noqa: S311  the same words each time
    for _ in range(300):
        validator.validate(" ".join(chance.sample(words, 3)))


def test_the_longest_that_a_form_takes_is_judged_in_no_time():
    for password in ("a1" * 2048, "mommomdad" * 455, "z" * 4096):
        with pytest.raises(ValidationError):
            CommonPasswordValidator().validate(password)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("fourteen chars", "at least 15"),
        ("nora.lindqvist@example.org", "too similar"),
        ("passwordpassword", "too common|many people"),
    ],
)
def test_each_rule_is_in_force(password, why):
    with pytest.raises(ValidationError, match=why):
        validate_password(password, User(email="nora.lindqvist@example.org", name="Nora"))


@pytest.mark.django_db
def test_a_password_hashed_in_an_older_way_is_hashed_anew_at_sign_in(settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    user = User.objects.create(
        email="old@example.org", password=make_password("seven quiet rivers", hasher="pbkdf2_sha256")
    )
    assert authenticate(email="old@example.org", password="seven quiet rivers") == user
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"
