#!/usr/bin/env python3
"""A file of more than 400 lines holds more than one thing."""
import sources

LIMIT = 400
SUFFIXES = sources.CODE | {".py", ".cmake", ".sql", ".ts", ".tsx", ".sh", ""}
EXCLUDED = ("tests/data/", "tests/fuzz/seeds/", "tests/abi/", "LICENSE")

problems, checked = [], 0
for path, text in sources.files():
    if path.suffix not in SUFFIXES or str(path).startswith(EXCLUDED):
        continue
    checked += 1
    lines = text.count("\n")
    if lines > LIMIT:
        problems.append(f"{path}: {lines} lines, {LIMIT} at most")
sources.finish(problems, checked)
