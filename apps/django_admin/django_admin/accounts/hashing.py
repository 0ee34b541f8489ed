"""Django's own argon2 hashes, one at a time."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

# One hash takes 100 MiB, and the container has room for one: two sign-ins at once must not end the process.
ONE_AT_A_TIME = threading.Lock()


class PatientArgon2(Argon2PasswordHasher):
    """Makes and reads the same hashes as its parent, and the API."""

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with ONE_AT_A_TIME:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether a password is the one that was hashed."""
        with ONE_AT_A_TIME:
            return super().verify(password, encoded)
