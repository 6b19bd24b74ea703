"""Writes the migrations of a folder as a C++ table: embed_migrations.py FOLDER OUT.cpp"""
import pathlib
import re
import sys

folder, out = map(pathlib.Path, sys.argv[1:3])
lines = ['#include "store/migrations.h"', "", "namespace leadsync {", "namespace {", "constexpr migration table[] = {"]
for number, path in enumerate(sorted(folder.glob("*.sql")), start=1):
    match = re.fullmatch(r"(\d{4})_(\w+)\.sql", path.name)
    if not match or int(match[1]) != number:
        sys.exit(f"{path}: expected {number:04}_name.sql")
    lines.append(f'{{{number}, "{match[2]}", R"sql({path.read_text()})sql"}},')
lines += ["};", "}  // namespace", "", "std::span<const migration> embedded_migrations() { return table; }", "", "}  // namespace leadsync", ""]
out.write_text("\n".join(lines))
