"""A model field whose text the database never shows: sealed for its school, model, column and row (OPS-4)."""

import dataclasses
from typing import Any

from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from apps.core import crypto

from .context import current_schema


@dataclasses.dataclass(frozen=True, slots=True)
class Sealed:
    """What stands in the column, and of which schema: opened when the attribute is read, never before."""

    text: str = dataclasses.field(repr=False)
    schema: str


class _OpensWhenRead(DeferredAttribute):
    """The attribute of an instance. A row that is listed but not read costs no decryption."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        field: EncryptedTextField = self.field  # type: ignore[assignment]
        name = field.attname
        value = instance.__dict__[name] if name in instance.__dict__ else super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[name] = crypto.unseal(value.text, field.place(value.schema, instance.pk))
        return value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that only this row can open. Read and assigned like any text; None and "" are stored as they are.

    Opening raises CannotOpen for a value that was copied from another school, row or column, or was changed. It cannot
    be searched (`isnull` and nothing else) and is written through an instance: `QuerySet.update` refuses, because
    it does not know the row. The row audit never stores it. The primary key must be known before the row is saved.
    """

    descriptor_class = _OpensWhenRead
    is_encrypted = True

    def place(self, schema: str, key: Any) -> crypto.Place:
        """Where a value of this column belongs."""
        if not schema or key is None:
            raise crypto.CannotOpen("no school is active, or the row has no key yet")
        return (schema, self.model._meta.label_lower, self.attname, str(key))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | str | None:
        return Sealed(value, current_schema()) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | str | None:
        value = model_instance.__dict__.get(self.attname)
        schema = current_schema()
        if isinstance(value, Sealed) and value.schema == schema:
            return value  # never read: stays as it is
        text = getattr(model_instance, self.attname)
        return Sealed(crypto.seal(str(text), self.place(schema, model_instance.pk)), schema) if text else text

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Sealed):
            return value.text
        if value is None or value == "":
            return value
        raise TypeError(f"{self.attname} is encrypted: assign it to an instance and save that")

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        return None

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if isinstance(self.model._meta.pk, models.AutoField):
            problem = "The key of the row must be known before it is saved: use apps.core.ids.new_id."
            found.append(checks.Error(problem, obj=self, id="tenants.E001"))
        if self.unique or getattr(self, "db_index", False):
            found.append(checks.Error("An encrypted field cannot be indexed.", obj=self, id="tenants.E002"))
        return found


def encrypted_fields(model: type[models.Model]) -> list[EncryptedTextField]:
    return [one for one in model._meta.local_concrete_fields if isinstance(one, EncryptedTextField)]
