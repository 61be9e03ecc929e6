"""What we speak of in SCIM (RFC 7643): people and groups, with the attributes that have a place here.

The library `scim2_models` knows the protocol: parsing, filters, paths, PATCH, characteristics of attributes. Attributes
that are not listed here are accepted and dropped, as Entra and others send many. What is listed is kept.
"""

from typing import Annotated, Any

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models.resources.resource import AnyExtension

PAGE = 100
MOST_RESULTS = 200


class Name(ComplexAttribute):
    formatted: str | None = None
    """The whole name as the identity provider writes it; made of the parts where it says nothing."""

    family_name: str | None = None
    """The family name."""

    given_name: str | None = None
    """The given name."""


class Email(ComplexAttribute):
    value: Annotated[str | None, Required.true] = None
    """An address. The primary one, else the first, is the person's address in the school."""

    type: str | None = Field(None, examples=["work", "home", "other"])
    """What it is used for."""

    primary: bool | None = None
    """Whether this is the person's address in the school."""


class GroupMembership(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    """The id of the group."""

    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the group."""

    display: Annotated[str | None, Mutability.read_only] = None
    """The name of the group."""

    type: Annotated[str | None, Mutability.read_only] = None
    """Always direct."""


class User(Resource[AnyExtension]):
    """A person of the school."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """The name by which the identity provider finds the person."""

    name: Name | None = None
    """The parts of the person's name."""

    display_name: str | None = None
    """The name as the identity provider shows it."""

    title: str | None = None
    """The job title."""

    active: Annotated[bool | None, Required.true] = None
    """Whether the account is open; left out of a new person it is, and of a replacement it stays. False ends sessions.

    Required, because an account always has a state: removing it is refused (RFC 7644, section 3.5.2.2)."""

    emails: Annotated[list[Email] | None, Required.true] = None
    """Addresses; one of them must be usable at this school. Left out, a user name that is an address counts."""

    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    """The groups the person is in."""


class EnterpriseUser(Extension):
    """What the enterprise extension says that has a place here."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: str | None = None
    """The student or staff number."""

    department: str | None = None
    """The department."""


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true, Required.true] = None
    """The id of the person."""

    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    """The address of the person."""

    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    """Always User: groups in groups are not supported."""


class Group(Resource[Any]):
    """A group of the identity provider. The school maps it to a campus."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """The name of the group."""

    members: list[GroupMember] | None = None
    """The people in the group."""


PersonResource = User[EnterpriseUser]

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=True),
    pagination=Pagination(cursor=False, index=True, default_page_size=PAGE, max_page_size=MOST_RESULTS),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer credential",
            description="A service credential of the school, sent as a bearer token.",
            spec_uri=Reference("https://www.rfc-editor.org/info/rfc6750"),
            primary=True,
        )
    ],
)
#: Entra removes members by value, adds to addresses that are not there yet, and sends attributes that we do not keep.
POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(PersonResource), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
