"""Makes a C++ source that holds openapi.yaml as JSON:  embed_openapi.py openapi.yaml OUT.cpp"""
import json
import sys

import yaml


def main(source, target):
    with open(source, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert ')openapi"' not in text
    with open(target, "w", encoding="utf-8") as file:
        file.write('#include "api/openapi.h"\n\nnamespace leadsync::api {\n\n')
        file.write(f'const std::string_view openapi_json = R"openapi({text})openapi";\n\n')
        file.write("}  // namespace leadsync::api\n")


main(*sys.argv[1:])
