#!/usr/bin/env python3
"""A plugin has fewer than 1,500 lines, blank ones and those of comments alone left out.

Salesforce may have more: it alone has two interfaces to write by, and records that become others.
"""
import sources

LIMIT, LIMITS = 1500, {"salesforce": 1750}

problems, checked = [], 0
sizes = {}
for path, text in sources.files("plugins", suffixes=sources.CODE):
    lines = [line.strip() for line in text.splitlines()]
    sizes[path.parts[1]] = sizes.get(path.parts[1], 0) + sum(bool(line) and not line.startswith("//") for line in lines)
for name, size in sorted(sizes.items()):
    checked += 1
    limit = LIMITS.get(name, LIMIT)
    if size >= limit:
        problems.append(f"plugins/{name}: {size} lines, fewer than {limit} are allowed")
sources.finish(problems, checked)
