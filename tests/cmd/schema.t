#!/usr/bin/env python3
"""The JSON Schema of decks agrees with the loader: it accepts valid/, refuses invalid/, and cannot see what is wrong in beyond/.

t_schema.c reads the same files with the loader. Scalars are read as strings, as the loader does, and once more as an editor types them.
The schemas of data accept what is bundled; of the goldens of lint they refuse what a table of keys can tell, and no more.
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
# First key of a file, which names its schema: the folder of the bundled ones.
DATA = {
    "exam": "data/exams", "matrix": "data/matrix", "tree": "data/trees", "lab": "data/labs", "proofs": "data/proofs",
    "drill": "data/drills", "prices": "data",
}
# Codes of errors that relate one value to another.
BEYOND = {"data-unknown-source"}


# libyaml's parser where there is one, as the program has it: it takes {send: GET /a?b=c}, which PyYAML's own refuses.
Texts = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class EditorLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Types as YAML 1.2 editors see them: dates stay text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith("timestamp")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path, loader):
    with open(path, encoding="utf-8") as f:
        return yaml.load(f, loader)


def schema_of(kind):
    with open(os.path.join(ROOT, "data/schema", kind + ".schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def data_cases(kind):
    """Bundled files of a kind, and the goldens that are of it."""
    validator = schema_of(kind)
    for path in sorted(glob.glob(os.path.join(ROOT, DATA[kind], "*.yaml"))):
        name = os.path.relpath(path, ROOT)
        yield name, validator.is_valid(read(path, Texts))
        yield name + " as typed", validator.is_valid(read(path, EditorLoader))
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/golden/lint/*.yaml"))):
        with open(path, encoding="utf-8", errors="replace") as f:
            if not f.readline().startswith(kind + ":"):
                continue
        name = os.path.basename(path)
        code = name[:-len(".yaml")].split("+")[0]
        accept = not code.startswith("data-") or code in BEYOND
        yield "%s %s" % ("accepts" if accept else "refuses", name), validator.is_valid(read(path, Texts)) == accept


def cases():
    validator = schema_of("deck")
    for path in sorted(glob.glob(os.path.join(ROOT, "data/schema/*.json"))):
        kind = os.path.basename(path)[:-len(".schema.json")]
        if kind in DATA:
            yield from data_cases(kind)
    for folder, accept in FOLDERS.items():
        for path in sorted(glob.glob(os.path.join(ROOT, "tests/data/schema", folder, "*.yaml"))):
            name = folder + "/" + os.path.basename(path)
            yield name, validator.is_valid(read(path, Texts)) == accept
            if folder == "valid":
                yield name + " as typed", validator.is_valid(read(path, EditorLoader))
    for path in sorted(glob.glob(os.path.join(ROOT, "decks/*.yaml"))):
        yield "decks/" + os.path.basename(path), validator.is_valid(read(path, Texts))


def main():
    results = list(cases())
    print("1..%d" % len(results))
    for number, (name, ok) in enumerate(results, 1):
        print("%s %d - %s" % ("ok" if ok else "not ok", number, name))
    return 0 if all(ok for _, ok in results) else 1


sys.exit(main())
