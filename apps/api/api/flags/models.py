"""Shape of the flags."""

from pydantic import BaseModel, Field


class Flags(BaseModel):
    """Every flag by name."""

    flags: dict[str, bool] = Field(examples=[{"new_dashboard": True}])
