"""A SCIM filter as a condition of the database; what a database cannot say is asked of each resource instead."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim
from scim2_models import ScimFilter
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)

from apps.accounts.models import User as Person

from .schema import PersonResource

Op = CompareOperator
LOOKUPS: Final = {
    Op.eq: "exact", Op.co: "contains", Op.sw: "startswith", Op.ew: "endswith", Op.gt: "gt", Op.ge: "gte", Op.lt: "lt",
    Op.le: "lte",
}  # fmt: skip
ACTIVE: Final = "scim_active"  # no column: it follows from the status
ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user"


class NotInSql(Exception):
    """The database does not know this: ask the resources."""


class _Conditions(FilterVisitor[Q]):
    """`columns` maps an attribute to an annotation, which is in lower case for texts that ignore case."""

    def __init__(self, filter_: ScimFilter[Any], columns: dict[str, str], exact: set[str]) -> None:
        self._filter = filter_
        self._columns = columns
        self._exact = exact

    def visit_comparison(self, node: Comparison) -> Q:
        binding = self._filter.resolve_comparison(node.attr_path)
        assert binding is not None
        column = self._column(binding.urn)
        value = coerce_value(binding, node.value, node.op)
        return self._compare(column, node.op, value)

    def _compare(self, column: str, op: CompareOperator, value: Any) -> Q:
        if op is Op.ne:
            return ~self._compare(column, Op.eq, value)
        if value is None:
            return Q(**{f"{column}": ""}) | Q(**{f"{column}__isnull": True}) if op is Op.eq else Q(pk__in=[])
        if column == "pk":
            return _by_id(op, value)
        if column == ACTIVE:
            return _is_active() if value else ~_is_active()
        if isinstance(value, datetime):
            return Q(**{f"{column}__{LOOKUPS[op]}": value})
        text = str(value)
        if "\x00" in text:
            return Q(pk__in=[])
        return Q(**{f"{column}__{LOOKUPS[op]}": text if column in self._exact else text.lower()})

    def visit_present(self, node: Present) -> Q:
        binding = self._filter.resolve(node.attr_path)
        assert binding is not None
        column = self._column(binding.urn)
        if column in ("pk", ACTIVE) or column.endswith("_at"):
            return ~Q(pk__in=[])
        return ~(Q(**{f"{column}__isnull": True}) | Q(**{column: ""}))

    def visit_not(self, node: Not) -> Q:
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        found = self.visit(node.terms[0])
        for term in node.terms[1:]:
            one = self.visit(term)
            found = found & one if node.op == LogicalOperator.and_ else found | one
        return found

    def visit_value_path(self, node: ValuePath) -> Q:
        raise NotInSql

    def _column(self, urn: str) -> str:
        name = urn.lower()
        name = name if name.startswith(ENTERPRISE) else name.rpartition(":")[2]
        if name not in self._columns:
            raise NotInSql
        return self._columns[name]


def _by_id(op: CompareOperator, value: Any) -> Q:
    if op is not Op.eq:
        raise NotInSql
    try:
        return Q(pk=UUID(str(value)))
    except ValueError:
        return Q(pk__in=[])


PERSON_COLUMNS: Final = {
    "id": "pk",
    "externalid": "scim_external_id",
    "username": "scim_name",
    "emails.value": "scim_email",
    "active": ACTIVE,
    "title": "scim_title",
    "displayname": "scim_display",
    "name.givenname": "scim_given",
    "name.familyname": "scim_family",
    "meta.created": "created_at",
    f"{ENTERPRISE}:employeenumber": "scim_number",
    f"{ENTERPRISE}:department": "scim_department",
}
GROUP_COLUMNS: Final = {
    "id": "pk",
    "externalid": "external_id",
    "displayname": "scim_display",
    "meta.created": "created_at",
    "meta.lastmodified": "changed_at",
}


def _is_active() -> Q:
    return Q(status__in=[Person.Status.ACTIVE, Person.Status.PENDING])


def person_annotations() -> dict[str, Any]:
    name, nothing = Trim(Concat("given_name", Value(" "), "family_name")), Value("")
    text = CharField()  # an address is an EmailField, and the database wants to know which of the two comes out
    return {
        "scim_external_id": F("provisioned__external_id"),
        "scim_name": Lower(Coalesce("provisioned__user_name", "email", output_field=text)),
        "scim_email": Lower("email"),
        "scim_title": Lower("job_title"),
        "scim_display": Lower(Coalesce("provisioned__display_name", NullIf(name, nothing), "email", output_field=text)),
        "scim_given": Lower(_unless_unnamed("given_name")),
        "scim_family": Lower(_unless_unnamed("family_name")),
        "scim_number": Lower("external_id"),
        "scim_department": Lower("department"),
    }


def _unless_unnamed(column: str) -> Case:
    """As the resource shows it: a name that the provider took back is unassigned there."""
    return Case(When(provisioned__said_name={}, then=Value("")), default=column, output_field=CharField())


def narrowed(
    rows: QuerySet[Any], filter_: ScimFilter[Any] | None, match: Callable[[Any], bool], most: int
) -> tuple[QuerySet[Any], list[Any] | None]:
    """The rows a filter leaves: as a query, or, where only the resources can say, as a list.

    Raises TooManyRows when more than `most` resources would have to be asked.
    """
    if filter_ is None:
        return rows, None
    people = filter_.model is PersonResource
    columns = PERSON_COLUMNS if people else GROUP_COLUMNS
    exact = {"scim_external_id"} if people else {"external_id"}
    try:
        condition = _Conditions(filter_, columns, exact).visit(filter_.ast)
    except NotInSql:
        if rows.count() > most:
            raise TooManyRows from None
        return rows, [row for row in rows if match(row)]
    return rows.filter(condition), None


def group_annotations() -> dict[str, Any]:
    return {"scim_display": Lower("name")}


class TooManyRows(Exception):
    """Only the resources themselves can answer this filter, and there are too many of them."""
