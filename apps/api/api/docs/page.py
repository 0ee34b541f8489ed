"""Writes the page: plain HTML made of the OpenAPI document, which a reader without JavaScript can use whole."""

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

Document = dict[str, Any]
METHODS = ("get", "post", "patch", "put", "delete")
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="docs/docs.css">
<script src="docs/docs.js" defer></script>
</head>
<body>
<header><h1>{title}</h1><p>{about} Version {version}. <a href="openapi.json">openapi.json</a></p>
<label>Find <input type="search" id="find" autocomplete="off" placeholder="path, name or word"></label></header>
<nav aria-label="Operations">{navigation}</nav>
<main>{security}{operations}{schemas}</main>
</body>
</html>
"""


def write_page(document: Document) -> str:
    """Return the whole page."""
    found = list(operations(document))
    tags = document["tags"]
    return PAGE.format(
        title=escape(document["info"]["title"]),
        about=escape(document["info"].get("description", "")),
        version=escape(document["info"]["version"]),
        navigation="".join(navigation(tag, found) for tag in tags),
        security=security(document),
        operations="".join(operation_html(*one, base=document["servers"][0]["url"]) for one in by_tag(tags, found)),
        schemas=schemas(document),
    )


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Return method, path and description of every operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def by_tag(tags: Iterable[Document], found: list[tuple[str, str, Document]]) -> Iterator[tuple[str, str, Document]]:
    """Return the operations in the order of their tags."""
    for tag in tags:
        yield from (one for one in found if tag["name"] in one[2]["tags"])


def navigation(tag: Document, found: list[tuple[str, str, Document]]) -> str:
    """Return the links to one tag's operations."""
    links = "".join(
        f'<li><a href="#{one["operationId"]}"><code class="{method}">{method.upper()}</code> {escape(path)}</a></li>'
        for method, path, one in found
        if tag["name"] in one["tags"]
    )
    return f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p><ul>{links}</ul>"


def security(document: Document) -> str:
    """Return how clients prove who they are."""
    schemes = document["components"]["securitySchemes"]
    rows = "".join(
        f"<dt><code>{escape(name)}</code></dt><dd>{escape(scheme.get('description', ''))}</dd>"
        for name, scheme in schemes.items()
    )
    return f'<section id="security"><h2>Signing in</h2><dl>{rows}</dl></section>'


def operation_html(method: str, path: str, operation: Document, base: str) -> str:
    """Return one operation's section."""
    name = operation["operationId"]
    needed = [" and ".join(one) or "nobody" for one in operation.get("security", [])]
    return (
        f'<section class="operation" id="{name}"><h2><code class="{method}">{method.upper()}</code> '
        f"<code>{escape(base + path)}</code> <small>{escape(name)}</small></h2>"
        f"<p>{inline(operation.get('description', ''))}</p>"
        f"<p>For: {escape(' or '.join(needed) or 'everybody')}</p>"
        f"{parameters(operation)}{body(operation)}{responses(operation)}</section>"
    )


def parameters(operation: Document) -> str:
    """Return the table of parameters."""
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{escape(one['in'])}</td>"
        f"<td>{kind(one['schema'])}</td><td>{inline(one.get('description', ''))}</td></tr>"
        for one in operation.get("parameters", [])
    )
    head = "<tr><th>name</th><th>in</th><th>kind</th><th></th></tr>"
    return f"<h3>Parameters</h3><table>{head}{rows}</table>" if rows else ""


def body(operation: Document) -> str:
    """Return the kind of the body."""
    if "requestBody" not in operation:
        return ""
    return f"<h3>Body</h3><p>{kind(operation['requestBody']['content']['application/json']['schema'])}</p>"


def responses(operation: Document) -> str:
    """Return the answers, each error with its example."""
    rows = "".join(
        f"<tr><td>{status}</td><td>{escape(one['description'])}{example(one)}</td><td>{contents(one)}</td></tr>"
        for status, one in operation["responses"].items()
    )
    return f"<h3>Answers</h3><table><tr><th>status</th><th>meaning</th><th>body</th></tr>{rows}</table>"


def contents(response: Document) -> str:
    """Return the kinds of an answer's body."""
    return ", ".join(kind(one["schema"]) for one in response.get("content", {}).values() if one.get("schema"))


def example(response: Document) -> str:
    """Return the examples of an answer, folded."""
    shown = [
        f"<pre>{escape(json.dumps(one['value'], indent=2))}</pre>"
        for content in response.get("content", {}).values()
        for one in content.get("examples", {}).values()
    ]
    return f"<details><summary>Examples: {len(shown)}</summary>{''.join(shown)}</details>" if shown else ""


def schemas(document: Document) -> str:
    """Return every shape."""
    return "".join(
        f'<section id="{name}"><h2><code>{name}</code></h2><p>{inline(schema.get("description", ""))}</p>'
        f"{properties(schema)}</section>"
        for name, schema in document["components"]["schemas"].items()
    )


def properties(schema: Document) -> str:
    """Return the table of a shape's members."""
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if name in required else ' <small>optional</small>'}</td>"
        f"<td>{kind(one)}</td><td>{inline(one.get('description', ''))}</td></tr>"
        for name, one in schema.get("properties", {}).items()
    )
    return f"<table><tr><th>member</th><th>kind</th><th></th></tr>{rows}</table>"


def kind(schema: Document) -> str:
    """Return what a value is, with a link where that is a shape of its own."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(kind(one) for one in schema["anyOf"])
    if "items" in schema:
        return f"list of {kind(schema['items'])}"
    limits = [f"{word} {schema[key]}" for key, word in LIMITS.items() if key in schema]
    values = [json.dumps(value) for value in schema.get("enum", [schema["const"]] if "const" in schema else [])]
    parts = [schema.get("format") or schema.get("type", "anything"), *limits, *values]
    return escape(", ".join(parts))


def inline(text: str) -> str:
    """Return a sentence with its code set as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))


LIMITS = {"minLength": "at least", "maxLength": "at most", "minimum": "from", "maximum": "to"}
