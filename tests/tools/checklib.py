"""What the check_*.py programs share: the files of the tree, C text without comments, the report, the self-test.

A check is a function check(root) that returns sentences, one per violation. `check_x.py --root DIR` prints them and
exits 1 if there are any; `check_x.py --self-test` plants violations in a scratch tree and exits 1 unless each is seen.
"""
import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77  # SKIP_RETURN_CODE of the CTest tests

C_TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.S)


def c_files(root, folders, endings=('.c', '.h')):
    """Every C file below these folders, in a stable order."""
    found = []
    for folder in folders:
        found += [p for p in (Path(root) / folder).rglob('*') if p.suffix in endings and p.is_file()]
    return sorted(found)


def is_made(path):
    """Whether a file of the tree comes of a build or a run, as .gitignore says."""
    return (len(path.parts) > 1 and path.parts[0].startswith('build')) or any(
        part in ('.git', '__pycache__') or part.endswith('.partial') for part in path.parts)


def tree_files(root):
    """Every file of the work tree that is in the repository or would be added; outside git, or without it, every file that is not made."""
    root = Path(root)
    try:
        # Whoever the files belong to: they are only listed.
        done = subprocess.run(['git', '-c', 'safe.directory=*', '-C', str(root), 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                              capture_output=True, check=False)
    except FileNotFoundError:
        done = None
    if done and done.returncode == 0:
        names = {n.decode() for n in done.stdout.split(b'\0') if n}
        return sorted(p for p in (root / n for n in names) if p.is_file())
    return sorted(p for p in root.rglob('*') if p.is_file() and not is_made(p.relative_to(root)))


def c_code(text, keep_strings=False):
    """The text with comments (and the insides of strings) blanked; line numbers stay."""
    def blank(m):
        s = m[0]
        if s[0] in '"\'':
            return s if keep_strings else s[0] + s[0]
        return re.sub(r'[^\n]', ' ', s)
    return C_TOKENS.sub(blank, text)


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def write_tree(root, files):
    for name, text in files.items():
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def self_test(check, clean, planted):
    """clean: files of a tree without violations. planted: (what it is, files that replace or join the clean ones, a
    part of the sentence that must come). Returns sentences."""
    wrong = []
    with tempfile.TemporaryDirectory() as d:
        write_tree(d, clean)
        for sentence in check(Path(d)):
            wrong.append('the clean tree is blamed: ' + sentence)
    for what, files, expected in planted:
        with tempfile.TemporaryDirectory() as d:
            write_tree(d, {**clean, **files})
            sentences = check(Path(d))
            if not any(expected in s for s in sentences):
                wrong.append('%s is not seen (wanted "%s", got %r)' % (what, expected, sentences))
    return wrong


def main(check, clean, planted):
    args = argparse.ArgumentParser()
    args.add_argument('--root', type=Path, default=Path(__file__).resolve().parents[2])
    args.add_argument('--self-test', action='store_true')
    given = args.parse_args()
    sentences = self_test(check, clean, planted) if given.self_test else check(given.root)
    for s in sentences:
        print(s)
    print('%d planted violations tried' % len(planted) if given.self_test else '%d violations' % len(sentences))
    return 1 if sentences else 0


def run(check, clean, planted):
    sys.exit(main(check, clean, planted))
