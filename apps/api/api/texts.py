"""Kinds of text that clients send; what Postgres or a mail server would refuse is refused here, by field."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

# Postgres keeps no NUL in text; the pattern says so in OpenAPI too.
NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
# Plain ASCII, so that every mail server takes it and no header can be smuggled in.
EMAIL = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$"
)
LOCAL_PART_MAX, DOMAIN_MAX = 64, 253
HTTPS_URL = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$"


def lower_email(email: str) -> str:
    """Return an address in the form in which accounts keep it; RFC 5321 has limits for each of its halves."""
    local_part, _, domain = email.partition("@")
    if len(local_part) > LOCAL_PART_MAX or len(domain) > DOMAIN_MAX:
        raise ValueError("an address has at most 64 characters before the @ and 253 behind it")
    return email.lower()


Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=EMAIL),
    AfterValidator(lower_email),
    Field(examples=["ada@example.org"], json_schema_extra={"format": "email"}),
]
NewPassword = Annotated[
    str,
    StringConstraints(min_length=10, max_length=128, pattern=NO_NUL),
    Field(
        description="10 to 128 characters, not a common password and not the email",
        examples=["seven wet otters hum"],
        json_schema_extra={"format": "password"},
    ),
]
GivenPassword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1024, pattern=NO_NUL),
    Field(examples=["seven wet otters hum"], json_schema_extra={"format": "password"}),
]
OneTimeToken = Annotated[
    str,
    StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$"),
    Field(description="As the mail's link holds it", examples=["9p2oXJ3oJt2mVbXW3m4sYxH0mJtYvZ0b6sNwq1dQe7A"]),
]
DisplayName = Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL), Field(examples=["Ada"])]
Bio = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL), Field(examples=["Counts things."])]
AvatarUrl = Annotated[
    str,
    StringConstraints(max_length=500, pattern=HTTPS_URL),
    Field(description="An https URL", examples=["https://images.example.org/ada.png"]),
]
Search = Annotated[str, StringConstraints(max_length=100, pattern=NO_NUL), Field(examples=["boat"])]


def without_defaults(schema: dict[str, Any]) -> None:
    """Take the defaults out of a schema: what is left out of a change is not set to anything."""
    for described in schema["properties"].values():
        described.pop("default", None)


class Change(BaseModel):
    """What to change; a field that is left out stays as it is (`model_fields_set` tells)."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=without_defaults)
