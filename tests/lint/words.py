#!/usr/bin/env python3
"""No CRM has a name under daemon/, and nothing speaks of how it came to be written."""
import re

import sources

CRM = re.compile(r"hubspot|salesforce|pipedrive|zoho|marketo|dynamics ?365", re.I)
PROCESS = [
    (re.compile(r"\b(issue|ticket|pull request|PR) ?#\d+", re.I), "speaks of a ticket"),
    (re.compile(r"\bissues? \d+\b", re.I), "speaks of a ticket"),
    (re.compile(r"\b(chat ?gpt|claude|copilot|llm|language model|ai[- ]generated|as an ai)\b", re.I), "speaks of a writing tool"),
    (re.compile(r"\b(design|style|brief|conventions|performance)\.md\b"), "refers to a page that is not in the repository"),
    (re.compile(r"/work/(main|shared)\b"), "names a folder of one machine"),
    (re.compile(r"\b(TODO|FIXME|XXX|HACK)\b"), "leaves work behind: do it, or say in a sentence what is missing"),
]
# The one test that replays a vendor's published catalogue where it finds it.
MAY_NAME_A_FOLDER = re.compile(r"^tests/plugins/")

assert CRM.search("HubSpot") and PROCESS[0][0].search("see issue #12") and PROCESS[3][0].search("as design.md says")

problems, checked = [], 0
for path, text in sources.files():
    name = str(path)
    if name in ("LICENSE", "tests/lint/words.py") or name.startswith("tests/data/"):
        continue
    checked += 1
    for number, line in enumerate(text.splitlines(), 1):
        if name.startswith("daemon/") and CRM.search(line):
            problems.append(f"{name}:{number}: a CRM's name: {line.strip()[:100]}")
        for pattern, why in PROCESS:
            if pattern.search(line) and not (why.startswith("names a folder") and MAY_NAME_A_FOLDER.search(name)):
                problems.append(f"{name}:{number}: {why}: {line.strip()[:100]}")
sources.finish(problems, checked)
