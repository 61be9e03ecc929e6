"""`make clients`: a typed Python client and TypeScript types, made from docs/openapi. `--check`: finds drift.

Our own generator, because one readable file per host is fit to be committed and reviewed; the usual one makes 300 files
and 42,000 lines of it (docs/decisions/0044).
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
HOSTS = {"School": ("v1.yaml", "school"), "Platform": ("platform-v1.yaml", "platform")}
PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
TYPESCRIPT = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
HEAD = "Made from docs/openapi/{source} by `make clients`; do not edit."


@dataclass(frozen=True)
class Operation:
    """One operation of a description, as both languages need it."""

    name: str
    method: str
    path: str
    summary: str
    ids: list[str]
    query: list[dict[str, Any]]
    headers: list[dict[str, Any]]
    body: dict[str, Any] | None
    answer: dict[str, Any] | None
    versioned: bool


def operations(described: dict[str, Any]) -> Iterator[Operation]:
    for path, item in described["paths"].items():
        for method, one in item.items():
            given = one.get("parameters", [])
            good = next(answer for status, answer in one["responses"].items() if status.startswith("2"))
            yield Operation(
                name=one["operationId"],
                method=method.upper(),
                path=path,
                summary=one["summary"],
                ids=[entry["name"] for entry in given if entry["in"] == "path"],
                query=[entry for entry in given if entry["in"] == "query"],
                headers=[entry for entry in given if entry["in"] == "header" and entry["name"] != "If-None-Match"],
                body=_schema(one.get("requestBody")),
                answer=_schema(good),
                versioned="ETag" in good.get("headers", {}),
            )


def _schema(holder: dict[str, Any] | None) -> dict[str, Any] | None:
    content = (holder or {}).get("content")
    found: dict[str, Any] | None = content["application/json"]["schema"] if content else None
    return found


# --- Python ------------------------------------------------------------------------------------------------


def python_type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return f"Literal[{', '.join(repr(one) for one in schema['enum'])}]"
    if options := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(dict.fromkeys(python_type(one) for one in options))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(python_type({**schema, "type": one}) for one in kind)
    if kind == "array":
        return f"list[{python_type(schema.get('items', {}))}]"
    if kind == "object":
        return f"dict[str, {python_type(schema.get('additionalProperties') or {})}]"
    return PYTHON.get(str(kind), "Any")


def python_source(name: str, source: str, described: dict[str, Any]) -> str:
    lines = [
        f'"""{HEAD.format(source=source)}"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import Any, Literal, NotRequired, TypedDict",
        "",
    ]
    lines += ["from .transport import Client, Versioned", ""]
    for shape, schema in sorted(described["components"]["schemas"].items()):
        wanted = schema.get("required", [])
        lines += ["", f"class {shape}(TypedDict):"]
        for member, one in schema.get("properties", {}).items():
            found = python_type(one)
            lines.append(f"    {member}: {found if member in wanted else f'NotRequired[{found}]'}")
        lines += [] if schema.get("properties") else ["    pass"]
    lines += ["", f"class {name}(Client):", f'    """The operations of {source}."""', ""]
    for operation in operations(described):
        lines += _python_method(operation)
    return "\n".join(lines) + "\n"


def _python_method(operation: Operation) -> Iterator[str]:
    keywords = ["body: " + python_type(operation.body)] if operation.body else []
    keywords += [f"{_snake(one['name'])}: str" for one in operation.headers if one.get("required")]
    keywords += [f"{one['name']}: {python_type(one['schema'])} | None = None" for one in operation.query]
    keywords += [f"{_snake(one['name'])}: str | None = None" for one in operation.headers if not one.get("required")]
    ids = [f"{one}: str" for one in operation.ids]
    answer = python_type(operation.answer) if operation.answer else "None"
    if operation.versioned:
        answer = f"Versioned[{answer}]"
    signature = ", ".join(["self", *ids, *(["*", *keywords] if keywords else [])])
    yield f"    def {operation.name}({signature}) -> {answer}:"
    yield f'        """{operation.summary}."""'
    facts = ", ".join([
        repr(operation.method), repr(operation.path), "{" + ", ".join(f"{one!r}: {one}" for one in operation.ids) + "}",
        *(["query={" + ", ".join(f"{one['name']!r}: {one['name']}" for one in operation.query) + "}"]
          if operation.query else []),
        *(["body=body"] if operation.body else []),
        *(["headers={" + ", ".join(f"{one['name']!r}: {_snake(one['name'])}" for one in operation.headers) + "}"]
          if operation.headers else []),
    ])  # fmt: skip
    if operation.versioned:
        yield f"        answer, etag = self._call({facts})"
        yield "        return Versioned(answer, etag)"
    elif operation.answer:
        yield f"        found: {answer} = self._call({facts})[0]"
        yield "        return found"
    else:
        yield f"        self._call({facts})"
    yield ""


def _snake(header: str) -> str:
    return header.lower().replace("-", "_")


# --- TypeScript --------------------------------------------------------------------------------------------


def typescript_type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "enum" in schema:
        return " | ".join("null" if one is None else f'"{one}"' for one in schema["enum"])
    if options := schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(dict.fromkeys(typescript_type(one) for one in options))
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(typescript_type({**schema, "type": one}) for one in kind)
    if kind == "array":
        return f"Array<{typescript_type(schema.get('items', {}))}>"
    if kind == "object":
        return f"Record<string, {typescript_type(schema.get('additionalProperties') or {})}>"
    return TYPESCRIPT.get(str(kind), "unknown")


def typescript_source(source: str, described: dict[str, Any]) -> str:
    lines = [f"// {HEAD.format(source=source)}", ""]
    for shape, schema in sorted(described["components"]["schemas"].items()):
        wanted = schema.get("required", [])
        lines.append(f"export interface {shape} {{")
        for member, one in schema.get("properties", {}).items():
            lines.append(f"  {member}{'' if member in wanted else '?'}: {typescript_type(one)};")
        lines += ["}", ""]
    lines += [
        "/** Every operation: how it is called, what it takes and what it answers. */",
        "export interface Operations {",
    ]
    for one in operations(described):
        query = "; ".join(f"{entry['name']}?: {typescript_type(entry['schema'])}" for entry in one.query)
        headers = "; ".join(f'"{entry["name"]}"{"" if entry.get("required") else "?"}: string' for entry in one.headers)
        lines += [
            f"  /** {one.summary} */",
            f"  {one.name}: {{",
            f'    method: "{one.method}";',
            f'    path: "{one.path}";',
            f"    ids: {{ {'; '.join(f'{name}: string' for name in one.ids)} }};",
            f"    query: {{ {query} }};",
            f"    headers: {{ {headers} }};",
            f"    body: {typescript_type(one.body) if one.body else 'undefined'};",
            f"    answer: {typescript_type(one.answer) if one.answer else 'undefined'};",
            "  };",
        ]
    return "\n".join([*lines, "}"]) + "\n"


# --- files -------------------------------------------------------------------------------------------------


def files() -> dict[Path, str]:
    """Every generated file and what it has to hold."""
    found = {}
    for name, (source, module) in HOSTS.items():
        described = yaml.load((ROOT / "docs" / "openapi" / source).read_text(), Loader=yaml.CSafeLoader)
        python = python_source(name, source, described)
        found[ROOT / "clients" / "python" / "campanile_client" / f"{module}.py"] = _formatted(python)
        found[ROOT / "clients" / "typescript" / f"{module}.d.ts"] = typescript_source(source, described)
    return found


def _formatted(source: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", "clients/python/x.py", "-"]
    return subprocess.run(command, input=source, text=True, stdout=subprocess.PIPE, cwd=ROOT, check=True).stdout


def main(arguments: list[str]) -> int:
    made = files()
    stale = [path for path, text in made.items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what docs/openapi says.")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
        print(f"{path.relative_to(ROOT)} is made anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
