"""The same request twice is one: a business's own system may ask again when it did not hear the answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.db import insert, table
from bot.store.models import ApiKey
from bot.store.vault import Vault

api_keys = table(ApiKey)


class ConflictError(Exception):
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True, slots=True)
class Once:
    """A request with its idempotency key ("" = none); only keyed hashes of both are kept."""

    vault: Vault
    business: str
    key: str
    request: Mapping[str, Any]

    def answer(self, session: Session) -> str | None:
        """Return the id that the key has had; `ConflictError` when it was for another request."""
        if not self.key:
            return None
        hashes = self.vault.digests("api key", self.business, self.key)
        row = session.execute(select(api_keys).where(api_keys.c.hash.in_(hashes))).first()
        if row is None:
            return None
        if row.request_hash not in self.vault.digests("api request", self.business, self._canonical()):
            raise ConflictError
        return str(row.ref)

    def remember(self, session: Session, ref: str, *, now: datetime) -> None:
        """Note the id under the key; SQLAlchemy's IntegrityError when another request was first in this moment."""
        if self.key:
            values = {
                "hash": self.vault.digest("api key", self.business, self.key),
                "request_hash": self.vault.digest("api request", self.business, self._canonical()),
                "ref": ref,
                "at": now,
            }
            session.execute(insert(session, ApiKey).values(values))

    def _canonical(self) -> str:
        return json.dumps(self.request, sort_keys=True, ensure_ascii=False, default=str)
