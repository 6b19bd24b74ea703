#!/usr/bin/env python3
"""Each library has one home: SQL in daemon/store, curl in daemon/transport, Beast in daemon/api (in four files at most), YAML in daemon/app."""
import re

import sources

SQL = re.compile(r"\b(SELECT\s+[\w*(]|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(TABLE|INDEX|VIEW)\b|PRAGMA\s+\w)")
HOMES = [
    ("SQL", SQL, "daemon/store"),
    ("SQLite", re.compile(r"\bsqlite3(_\w+|\.h)"), "daemon/store"),
    ("curl", re.compile(r"\bcurl_\w+\s*\(|curl/curl\.h"), "daemon/transport"),
    ("Beast", re.compile(r"boost/beast|\bbeast::"), "daemon/api"),
    ("YAML", re.compile(r"yaml-cpp|\bYAML::"), "daemon/app"),
]
assert SQL.search('R"(SELECT id FROM lead)"') and not SQL.search("// select a lead")

problems, checked, beast_files = [], 0, set()
for path, text in sources.files("daemon", suffixes=sources.CODE):
    checked += 1
    code = re.sub(r"//[^\n]*", "", text)
    for name, pattern, home in HOMES:
        match = pattern.search(code)
        if match and not str(path).startswith(home + "/"):
            problems.append(f"{path}:{sources.line_of(code, match.start())}: {name} belongs in {home}")
        if match and name == "Beast":
            beast_files.add(str(path))
if len(beast_files) > 4:
    problems.append(f"Beast is in {len(beast_files)} files, four at most: {', '.join(sorted(beast_files))}")
sources.finish(problems, checked)
