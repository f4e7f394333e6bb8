"""What a business's own systems may ask for, field by field; what else stands in a request is a fault."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.conversation.words import Purpose
from bot.doors.recipients import USER_ID, phone
from bot.doors.sends import PURPOSES
from bot.wire.payload import Identity


class _Asked(BaseModel):
    """What every request has: one recipient, by number or by user id."""

    model_config = ConfigDict(extra="forbid", strict=True)

    to: Annotated[str, AfterValidator(phone)] | None = None
    user_id: Annotated[str, Field(pattern=f"^{USER_ID.pattern}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> "_Asked":
        if (self.to is None) == (self.user_id is None):
            raise ValueError("write either to or user_id")
        return self

    @property
    def identity(self) -> Identity:
        """Return who it is."""
        return Identity(phone=self.to, bsuid=self.user_id)


Own = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
"""A short word of the business's own."""


class SendAsked(_Asked):
    """`POST /api/sends`."""

    template: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    parameters: Annotated[dict[Own, Annotated[str, Field(max_length=1024)]], Field(max_length=100)] = {}
    purpose: Annotated[Purpose, Field(strict=False)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(?:_[A-Z]{2})?$")] | None = None
    number: Own = ""

    @model_validator(mode="after")
    def _may_begin(self) -> "SendAsked":
        if self.purpose not in PURPOSES:
            raise ValueError(f"purpose is one of {', '.join(PURPOSES)}")
        return self


class ConsentAsked(_Asked):
    """`POST /api/consents`."""

    purpose: Annotated[Purpose, Field(strict=False)]
    granted: bool
    source: Annotated[Own, Field(min_length=1)]
    wording: Own = ""
    at: Annotated[AwareDatetime, Field(strict=False)]
    proof: Own = ""
