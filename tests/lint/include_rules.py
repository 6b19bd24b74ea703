#!/usr/bin/env python3
"""Who may include whom."""
import re

import sources

MODULES = {
    "base": set(),
    "model": {"base"},
    "sync": {"base", "model"},
    "mapping": {"base", "model"},
    "store": {"base", "model"},
    "transport": {"base", "model"},
    "plugin": {"base", "model"},
    "intake": {"base", "model"},
    "runtime": {"base", "model", "sync", "mapping", "store", "transport", "plugin", "intake"},
    "api": {"base", "model"},
    "app": {"base", "model", "sync", "mapping", "store", "transport", "plugin", "intake", "runtime", "api"},
}
# Parts of a module that another one may use although it may not use the rest.
EXCEPTIONS = {
    ("api", "store/store.h"), ("api", "store/records.h"), ("api", "runtime/commands.h"), ("api", "runtime/lead_import.h"),
    ("intake", "store/store.h"), ("intake", "store/records.h"),
}
EXCEPTION_FOLDERS = {("api", "intake"), ("api", "mapping")}  # parsing what is posted; showing and reading a mapping
PURE = {"model", "sync", "mapping"}
IMPURE = re.compile(r"boost/(asio|beast)|sqlite3|curl/|spdlog|systemd/|zstd|yaml-cpp|openssl")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def problem_of(path, quote, target):
    top, module = path.parts[0], path.parts[1] if len(path.parts) > 1 else ""
    first = target.split("/")[0]
    if top == "daemon" and module in MODULES:
        if quote == '"' and first in MODULES and first != module and first not in MODULES[module]:
            if (module, target) not in EXCEPTIONS and (module, first) not in EXCEPTION_FOLDERS:
                return f"{module} may not include {target}"
        if module in PURE and IMPURE.search(target):
            return f"{module} is pure and may not include <{target}>"
    if top == "sdk" and quote == '"' and first in MODULES:
        return "the SDK may not include the daemon"
    optional = path.name == "boost_json.hpp" and target == "boost/json.hpp"  # nothing else of the SDK includes that header
    if top == "sdk" and path.parts[1] == "include" and not optional and quote == "<" and "/" in target and not target.startswith("leadsync/"):
        return f"the SDK needs the standard library alone, not <{target}>"
    if top == "plugins":
        if quote == '"' and first in MODULES:
            return f"a plugin may not include the daemon's {target}"
        if "/" in target and first not in ("leadsync", "boost", "sys", ".."):
            return f"a plugin may include the SDK, Boost and its own folder, not {target}"
        if target.startswith("../") or (quote == '"' and first != module and "/" in target and (sources.root / "plugins" / first).is_dir()):
            return f"a plugin may not include another plugin's {target}"
    return None


assert problem_of(sources.pathlib.Path("daemon/sync/x.cpp"), '"', "store/store.h")
assert problem_of(sources.pathlib.Path("daemon/mapping/x.cpp"), "<", "boost/asio/awaitable.hpp")
assert problem_of(sources.pathlib.Path("plugins/acme/x.cpp"), '"', "model/lead.h")
assert problem_of(sources.pathlib.Path("plugins/acme/x.cpp"), "<", "kit/case.h")
assert not problem_of(sources.pathlib.Path("plugins/acme/x.cpp"), "<", "leadsync/csv.hpp")
assert problem_of(sources.pathlib.Path("daemon/api/x.cpp"), '"', "runtime/engine.h")
assert not problem_of(sources.pathlib.Path("daemon/api/x.cpp"), '"', "runtime/commands.h")
assert problem_of(sources.pathlib.Path("sdk/include/leadsync/sdk/x.hpp"), "<", "boost/json.hpp")

problems, checked = [], 0
for path, text in sources.files("daemon", "sdk", "plugins", suffixes=sources.CODE):
    checked += 1
    for match in INCLUDE.finditer(text):
        problem = problem_of(path, match.group(1), match.group(2))
        if problem:
            problems.append(f"{path}:{sources.line_of(text, match.start())}: {problem}")
sources.finish(problems, checked)
