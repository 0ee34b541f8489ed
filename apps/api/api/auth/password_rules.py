"""What a new password must not be: common, a plain pattern, or the email. Its length is for the request's shape."""

import re
import string

from api.auth.errors import PasswordRefused

# Ten letters or more, or a shorter word with digits and marks around it: what lists of leaked passwords begin with.
WORDS = """
    admin administrator alexander asdf asdfgh asdfghjkl august autumn baseball basketball batman butterfly changeit
    changeme charlie cheese chocolate computer december default dragon elephant facebook february flower football
    freedom friday google guest hello helloworld hockey hunter iloveyou internet january jennifer jessica jordan
    killer letmein liverpool login london manchester manager master matrix mercedes michael michelle minecraft monday
    monkey mustang november october password passwort princess qazwsx qazwsxedc qwert qwerty qwertyuiop qwertz
    qwertzuiop ranger saturday secret september samsung shadow slipway snowball soccer spring starwars summer sunday
    sunshine superman system target tennis test testing thursday trustno tuesday user username vagrant wednesday
    welcome whatever william winter yankees zxcvbn zxcvbnm
"""
COMMON_WORDS = frozenset(WORDS.split())
LEET = (str.maketrans("", ""), str.maketrans("0134578", "oleastb"), str.maketrans("0134578@$!", "oleastbasi"))
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
)
RUN_LENGTH = 4
DISTINCT_MIN = 5


def check_password(password: str, email: str, field: str = "password") -> None:
    """Raise `PasswordRefused` for a password that is guessed early; `field` is where the request holds it."""
    text = password.casefold()
    local_part = email.partition("@")[0]
    if text in {email, local_part} or (len(local_part) >= DISTINCT_MIN and text.strip("0123456789!") == local_part):
        raise PasswordRefused("The password must not be the email.", field)
    if len(set(text)) < DISTINCT_MIN or is_repeated(text):
        raise PasswordRefused("The password repeats itself too much.", field)
    core = text.strip(string.digits + string.punctuation + " ")
    if is_run(text) or any(is_common(core.translate(table)) for table in LEET):
        raise PasswordRefused(field=field)


def is_common(text: str) -> bool:
    """Tell whether nothing is left but digits and marks once common words are taken out."""
    left = re.sub(r"[^a-z]+", " ", text).split()
    return bool(left) and (all(word in COMMON_WORDS for word in left) or is_made_of_words("".join(left)))


def is_made_of_words(text: str) -> bool:
    """Tell whether a text is one or two common words and nothing else."""
    return any(
        text[:end] in COMMON_WORDS and (end == len(text) or text[end:] in COMMON_WORDS)
        for end in range(1, len(text) + 1)
    )


def is_repeated(text: str) -> bool:
    """Tell whether a short piece makes up the whole text."""
    return text in (text + text)[1:-1]


def is_run(text: str) -> bool:
    """Tell whether the text is nothing but steps along the alphabet, the digits or the keyboard."""
    pieces, position = 0, 0
    while position < len(text):
        length = longest_run(text, position)
        if length < RUN_LENGTH and position + length < len(text):
            return False
        position += length
        pieces += 1
    return pieces <= len(text) // RUN_LENGTH + 1


def longest_run(text: str, start: int) -> int:
    """Return how many characters from `start` on follow each other in a run, in either direction."""
    best = 1
    for run in RUNS:
        for line in (run, run[::-1]):
            length = 1
            while text[start : start + length + 1] in line and start + length < len(text):
                length += 1
            best = max(best, length)
    return best
