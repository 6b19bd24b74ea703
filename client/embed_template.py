#!/usr/bin/env python3
"""embed_template.py OUTPUT FOLDER FILE...: the files of a folder as a C++ source, for `leadsync plugin new`."""
import pathlib
import sys

output, folder, *names = sys.argv[1:]
rows = []
for name in names:
    text = (pathlib.Path(folder) / name).read_text()
    # A literal may be as long as 64 KiB, and the standard promises that much to neighbours together.
    parts = [text[at:at + 8000] for at in range(0, len(text), 8000)] or [""]
    literals = "\n".join(f'R"embedded({part})embedded"' for part in parts)
    rows.append(f'  {{"{name}", std::string_view({literals}, {len(text.encode())})}},')
body = "\n".join(rows)
pathlib.Path(output).write_text(f"""#include "plugin_template.h"

namespace leadsync::client {{

const std::vector<template_file>& plugin_template() {{
  static const std::vector<template_file> files{{
{body}
  }};
  return files;
}}

}}  // namespace leadsync::client
""")
