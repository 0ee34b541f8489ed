import pytest

from api.auth.errors import PasswordRefused
from api.auth.password_rules import check_password

EMAIL = "ada.lovelace@example.org"


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "Passw0rd!!",
        "p4ssw0rd2026",
        "letmein12345",
        "Welcome2026!",
        "iloveyou!!!!",
        "hello world 1",
        "1234567890",
        "0987654321",
        "qwertyuiop",
        "abcdefghij",
        "asdfghjkl123",
        "aaaaaaaaaaaa",
        "abababababab",
        "xyzxyzxyzxyz",
        EMAIL,
        "Ada.Lovelace",
        "ada.lovelace1815",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused) as caught:
        check_password(password, EMAIL, "new_password")
    assert caught.value.faults[0].location == ("body", "new_password")
    assert password not in caught.value.detail


@pytest.mark.parametrize(
    "password",
    [
        "seven wet otters hum",
        "correct horse battery",
        "Tr0ub4dor&3xy",
        "k3Jd-92hs-QmPz",
        "пароль длинный",
        "j" * 9 + "kqwm",
    ],
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    check_password(password, EMAIL)
