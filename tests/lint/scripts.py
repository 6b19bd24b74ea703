#!/usr/bin/env python3
"""Scripts can be run, say what they are, and are valid."""
import os
import subprocess

import sources

problems, checked = [], 0
for folder in ("scripts", ".ci", "tests/lint"):
    for path in sorted((sources.root / folder).iterdir()):
        if not path.is_file() or path.name.endswith((".md", ".txt")) or path.name == "sources.py":
            continue
        checked += 1
        first = path.read_text().split("\n", 1)[0]
        if not first.startswith("#!"):
            problems.append(f"{folder}/{path.name}: does not begin with #!")
        if not os.access(path, os.X_OK):
            problems.append(f"{folder}/{path.name}: is not executable")
        if "bash" in first:
            syntax = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True)
            if syntax.returncode != 0:
                problems.append(f"{folder}/{path.name}: {syntax.stderr.strip()}")
sources.finish(problems, checked)
