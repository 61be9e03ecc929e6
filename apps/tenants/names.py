"""How a slug becomes a schema and a schema a database role. Names are checked here, before any SQL."""

import re

SLUG = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")
SCHEMA = re.compile(r"[a-z][a-z0-9_]{0,40}")
NOWHERE = "no_school_selected"
EXTENSIONS = "extensions"
TEMPLATE = "template_school"
PLATFORM_ROLE = "campanile_platform"
# host names the platform keeps for itself
RESERVED = frozenset({
    "www", "api", "app", "admin", "static", "media", "mail", "smtp", "ftp", "platform", "campanile", "status",
    "docs", "help", "support", "blog", "sso", "auth", "login", "public", "template", "demo", "test", "staging",
    "cdn", "assets", "ns1", "ns2", "mx", "postmaster", "abuse", "security", "billing", "hooks",
})  # fmt: skip


def schema_of(slug: str) -> str:
    """`s_<slug>` with dashes as underscores: never the name of a system schema or of `public`."""
    schema = "s_" + slug.replace("-", "_")
    if not SLUG.fullmatch(slug) or not SCHEMA.fullmatch(schema):
        raise ValueError(f"not a school's short name: {slug!r}")
    return schema


def role_of(schema: str) -> str:
    """The database role that sees this schema and nothing else."""
    if schema == "public":
        return PLATFORM_ROLE
    if not SCHEMA.fullmatch(schema):
        raise ValueError(f"not a school's schema: {schema!r}")
    return f"school_{schema}"
