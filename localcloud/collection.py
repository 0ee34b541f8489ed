"""Typed access to all records of one kind."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from localcloud.database import Database
from localcloud.wire.errors import NotFound


class StoredRecord(BaseModel):
    """What one object looks like in the database; its key never changes."""

    @property
    def key(self) -> str:
        """The object's identity within its kind."""
        raise NotImplementedError


R = TypeVar("R", bound=StoredRecord)


class Collection(Generic[R]):
    """All records of one kind, in the order in which they were made."""

    def __init__(self, db: Database, kind: str, model: type[R]) -> None:
        self._db = db
        self._kind = kind
        self._model = model

    def save(self, record: R) -> R:
        """Insert or replace the record and return it."""
        sql = (
            "insert into record (kind, key, body) values (?, ?, ?) "
            "on conflict (kind, key) do update set body = excluded.body"
        )
        self._db.execute(sql, (self._kind, record.key, record.model_dump_json()))
        return record

    def find(self, key: str | int) -> R | None:
        """Return the record, or None."""
        rows = self._db.select("select body from record where kind = ? and key = ?", (self._kind, str(key)))
        return self._model.model_validate_json(rows[0]) if rows else None

    def get(self, key: str | int) -> R:
        """Return the record; NotFound when there is none."""
        record = self.find(key)
        if record is None:
            raise NotFound
        return record

    def all(self) -> list[R]:
        """Return every record."""
        rows = self._db.select("select body from record where kind = ? order by seq", (self._kind,))
        return [self._model.model_validate_json(row) for row in rows]

    def where(self, **fields: str | int) -> list[R]:
        """Return the records whose fields have these values."""
        clauses = "".join(f" and json_extract(body, '$.{name}') = ?" for name in fields)
        sql = f"select body from record where kind = ?{clauses} order by seq"  # noqa: S608 (names come from code)
        rows = self._db.select(sql, (self._kind, *fields.values()))
        return [self._model.model_validate_json(row) for row in rows]

    def remove(self, key: str | int) -> bool:
        """Delete the record and tell whether there was one."""
        return self._db.execute("delete from record where kind = ? and key = ?", (self._kind, str(key))) > 0
