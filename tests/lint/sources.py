"""The files of the repository, and how a check ends. Needs no git: what is built or hidden is left out by name."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()

SKIPPED = {"build", "node_modules", "__pycache__"}
CODE = {".h", ".hpp", ".c", ".cpp"}


def files(*folders, suffixes=None):
    """(path relative to the root, text) of every text file under the folders, or under the root."""
    tops = [root / folder for folder in folders] if folders else [root]
    for top in tops:
        for path in sorted(top.rglob("*") if top.is_dir() else []):
            relative = path.relative_to(root)
            hidden = any(part in SKIPPED or (part.startswith(".") and part != ".ci") for part in relative.parts)
            if hidden or not path.is_file() or (suffixes and path.suffix not in suffixes):
                continue
            try:
                yield relative, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # data


def without_comments(code):
    """C++ with comments blanked and text literals emptied; lines stay where they are."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\((.*?)\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)

    def blank(match):
        text = match.group(0)
        newlines = "\n" * text.count("\n")
        return newlines if text.startswith("/") else '""' + newlines

    return pattern.sub(blank, code)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(problems, checked):
    for problem in problems:
        print(problem)
    if checked == 0:
        print("nothing was checked: is this the repository?")
        sys.exit(1)
    print(f"{checked} checked, {len(problems)} problems")
    sys.exit(1 if problems else 0)
