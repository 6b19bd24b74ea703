"""Holds recorded answers against the schemas of openapi.yaml, and says which operations nobody tested.

    check_answers.py openapi.yaml answers.ndjson
"""
import json
import re
import sys

import jsonschema
import yaml

NOT_JSON = {("GET", "/metrics"), ("GET", "/v1/openapi.json")}


def resolve(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def operations(document):
    for path, item in document["paths"].items():
        pattern = re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "/?$")
        for method in ("get", "put", "post", "patch", "delete"):
            if method in item:
                yield method.upper(), path, pattern, item[method]


def schema_of(document, operation, status):
    responses = operation["responses"]
    response = responses.get(str(status)) or responses.get("default")
    if response is None:
        return None
    content = resolve(document, response).get("content", {})
    return next((content[kind]["schema"] for kind in content if "json" in kind and "ndjson" not in kind), None)


def main(openapi, answers):
    with open(openapi, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    known = list(operations(document))
    seen, failures, count = set(), [], 0
    with open(answers, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    for answer in lines:
        # Literal paths come before those with parameters: "/mapping/defaults" is no lead.
        fits = [entry for entry in known if entry[0] == answer["method"] and entry[2].match(answer["path"])]
        if not fits:
            if answer["status"] not in (404, 405):
                failures.append(f"{answer['method']} {answer['path']} is not described")
            continue
        method, path, _, operation = min(fits, key=lambda entry: entry[1].count("{"))
        schema = schema_of(document, operation, answer["status"])
        where = f"{method} {path} {answer['status']}"
        if schema is None:
            failures.append(f"{where}: this status is not described")
            continue
        count += 1
        if answer["status"] < 400:
            seen.add((method, path))
        # The schema as a document of its own, so that its references find what they name.
        validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
        for error in sorted(validator.iter_errors(answer["body"]), key=str)[:3]:
            failures.append(f"{where}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    untested = {entry[:2] for entry in known} - seen - NOT_JSON
    failures += [f"{method} {path}: no test has an answer of it" for method, path in sorted(untested)]
    print(f"{count} answers of {len(seen)} operations checked")
    for failure in failures:
        print(failure)
    return 1 if failures or not count else 0


sys.exit(main(*sys.argv[1:]))
