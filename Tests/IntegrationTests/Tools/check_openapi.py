"""Compares the OpenAPI document of a server with what the server does.

usage: check_openapi.py ADDRESS
Prints every difference and ends with status 1 if there is one: operations that are not described, references to nothing,
operation ids that come twice, documented operations that do not exist.
"""

import json
import re
import sys
import urllib.error
import urllib.request

base = sys.argv[1].rstrip("/")
with urllib.request.urlopen(base + "/openapi.json", timeout=30) as answer:
    document = json.load(answer)

wrong = []
ids = set()
operations = 0
for path, item in document["paths"].items():
    for method, operation in item.items():
        operations += 1
        name = f"{method.upper()} {path}"
        if not operation.get("tags"):
            wrong.append(f"{name}: {operation['operationId']} is not described")
        if operation["operationId"] in ids:
            wrong.append(f"{name}: {operation['operationId']} comes twice")
        ids.add(operation["operationId"])
        names = set(re.findall(r"{(\w+)}", path))
        listed = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        if names != listed:
            wrong.append(f"{name}: its path has {names}, its parameters are {listed}")
        if not any(status.startswith("2") or status.startswith("3") for status in operation["responses"]):
            wrong.append(f"{name}: no success is described")
        # Another method on a path that exists names those that do.
        request = urllib.request.Request(base + re.sub(r"{\w+}", "x", path), method="PROPFIND")
        try:
            urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            allowed = [word.strip() for word in (error.headers["Allow"] or "").split(",")]
            if error.code != 405 or method.upper() not in allowed:
                wrong.append(f"{name}: the server knows {allowed} there, and answers {error.code}")

known = set(document["components"]["schemas"])
for name in set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document))) - known:
    wrong.append(f"schema {name}: there is none")

print("\n".join(wrong) if wrong else f"{operations} operations")
sys.exit(1 if wrong else 0)
