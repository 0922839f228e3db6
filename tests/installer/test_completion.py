#!/usr/bin/env python3
"""Completion, as the shells themselves would ask for it: commands, a command's options, what their values may be, file names."""
import argparse
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ARGS = None
TOP = pathlib.Path(__file__).resolve().parents[2]
ASK = '''. %s
COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_chartferry 2>/dev/null
printf '%%s\\n' "${COMPREPLY[@]}"
'''


def run(*words):
    """What is printed; without a word the program says what it can do and that nothing was done."""
    done = subprocess.run([ARGS.chartferry, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == (0 if words else 2), done.stderr
    return done.stdout or done.stderr


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = pathlib.Path(tempfile.mkdtemp(prefix='completion.'))
        (cls.room / 'script').write_text(run('--completion', 'bash'))
        (cls.room / 'old practice.bak').write_text('')

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.room)

    def ask(self, *words):
        line = ' '.join("'%s'" % w for w in (ARGS.chartferry, *words))
        done = subprocess.run(['bash', '-c', ASK % (self.room / 'script', line)], capture_output=True, text=True, timeout=60,
                              cwd=self.room, check=True)
        return done.stdout.splitlines()

    def test_commands_and_options_are_those_of_the_help(self):
        commands = [line.split()[0] for line in run().splitlines() if line.startswith('  ') and not line.startswith('  chartferry')]
        self.assertGreater(len(commands), 10)
        for command in commands:
            self.assertEqual(self.ask(command), [command])
            options = [w for line in run(command, '-h').splitlines() if line.startswith('  ')
                       for w in re.findall(r'(?<![\w-])--[a-z]+(?:-[a-z]+)*(?![\w.-])', line)]
            self.assertIn('--help', options)
            offered = self.ask(command, '--')
            self.assertTrue(set(options) <= set(offered), (command, set(options) - set(offered)))

    def test_examples_of_the_documents_are_commands_with_their_options(self):
        commands = [line.split()[0] for line in run().splitlines() if re.match(r'  [a-z]', line) and not line.startswith('  chartferry')]
        shown = {}
        for name in ('README.md', 'src/cli/README.md', 'installer/guide/README.md'):
            shown[name] = re.findall(r'^(?:> )?chartferry ([a-z-]+)(.*)', (TOP / name).read_text(encoding='utf-8'), re.M)
            self.assertGreater(len(shown[name]), 5, name)
            for command, rest in shown[name]:
                self.assertIn(command, commands, name)
                words = set(re.findall(r'(?<![\w-])--[a-z]+(?:-[a-z]+)*', rest))
                self.assertLessEqual(words, set(self.ask(command, '--')), (name, command))
        self.assertEqual(set(commands) - {c for c, _ in shown['src/cli/README.md']} - {'help'}, set())

    def test_values(self):
        self.assertEqual(self.ask('sql', '--format', ''), ['table', 'csv', 'json'])
        self.assertEqual(self.ask('extract', '-f', 'x'), ['xlsx'])
        self.assertEqual(self.ask('convert', '--to', 'sales'), ['salesforce'])
        self.assertEqual(self.ask('convert', '--profile', 'dr'), ['dr-dentes'])
        self.assertEqual(self.ask('convert', '--users', 'old'), ['old practice.bak'])
        self.assertEqual(self.ask('chart', '--patient', 'o'), [''])  # only the user knows it

    def test_names_of_files_where_a_file_stands(self):
        self.assertEqual(self.ask('inspect', 'ol'), ['old practice.bak'])
        self.assertEqual(self.ask('convert', '--dry-run', 'ol'), ['old practice.bak'])

    def test_zsh_takes_it(self):
        if not shutil.which('zsh'):
            self.skipTest('zsh absent')
        text = run('--completion', 'zsh')
        self.assertTrue(text.startswith('#compdef chartferry\n'))
        subprocess.run(['zsh', '-n'], input=text, text=True, check=True, timeout=60)


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--chartferry', required=True)
    ARGS, rest = parser.parse_known_args()
    unittest.main(argv=['test_completion.py', *rest])
