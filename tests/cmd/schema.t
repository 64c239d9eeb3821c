#!/usr/bin/env python3
"""The JSON Schema of decks agrees with the loader: it accepts valid/, refuses invalid/, and cannot see what is wrong in beyond/.

t_schema.c reads the same files with the loader. Scalars are read as strings, as the loader does, and once more as an editor types them.
"""
import glob
import json
import os
import sys

try:
    import jsonschema
    import yaml
except ImportError as e:
    print("1..0 # SKIP", e)
    sys.exit(0)

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDERS = {"valid": True, "invalid": False, "beyond": True}


class EditorLoader(yaml.SafeLoader):
    """Types as YAML 1.2 editors see them: dates stay text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith("timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path, loader):
    with open(path, encoding="utf-8") as f:
        return yaml.load(f, loader)


def cases():
    with open(os.path.join(ROOT, "data/schema/deck.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for folder, accept in FOLDERS.items():
        for path in sorted(glob.glob(os.path.join(ROOT, "tests/data/schema", folder, "*.yaml"))):
            name = folder + "/" + os.path.basename(path)
            yield name, validator.is_valid(read(path, yaml.BaseLoader)) == accept
            if folder == "valid":
                yield name + " as typed", validator.is_valid(read(path, EditorLoader))
    for path in sorted(glob.glob(os.path.join(ROOT, "decks/*.yaml"))):
        yield "decks/" + os.path.basename(path), validator.is_valid(read(path, yaml.BaseLoader))


def main():
    results = list(cases())
    print("1..%d" % len(results))
    for number, (name, ok) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", number, name))
    return 0 if all(ok for _, ok in results) else 1


sys.exit(main())
