"""chartferry.exe under Wine, as the tests start it: a prefix of its own, no screen, no downloads."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77


def skip(why):
    print('skipped: %s' % why)
    sys.exit(SKIPPED)


class Wine:
    """Programs run in the prefix in `folder`, which is made when it is absent (about ten seconds)."""

    def __init__(self, folder):
        if not shutil.which('wine'):
            skip('wine absent; installer/install-packages.sh windows installs it')
        self.folder = Path(folder)
        self.env = {**os.environ, 'WINEPREFIX': str(self.folder), 'WINEDEBUG': '-all', 'WINEARCH': 'win64',
                    'WINEDLLOVERRIDES': 'mscoree,mshtml=;winemenubuilder.exe=d'}
        self.env.pop('DISPLAY', None)
        if not (self.folder / 'system.reg').exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.run('wineboot', '--init', seconds=300)
            self.settle()

    def run(self, *words, seconds=300, **how):
        """The finished process of a Windows program; output is captured. Wine, on a busy machine, now and then ends with 1 before the
        program begins, and says nothing; ours never does, so that such a start is made once more."""
        how = {'stdin': subprocess.DEVNULL, **({} if 'input' not in how else {'stdin': None}), **how}
        for _ in range(2):
            done = subprocess.run(['wine', *map(str, words)], env=self.env, capture_output=True, timeout=seconds, check=False, **how)
            if done.returncode != 1 or done.stdout or done.stderr:
                break
        return done

    def start(self, *words, **how):
        return subprocess.Popen(['wine', *map(str, words)], env=self.env, **how)

    def settle(self):
        """Waits until every program of the prefix has ended and its registry is on the disk."""
        subprocess.run(['wineserver', '-w'], env=self.env, check=False, timeout=120)

    def drive_c(self, path):
        """A Windows path on drive C: as a path of this machine."""
        return self.folder / 'drive_c' / path.replace('\\', '/').removeprefix('C:/')


def windows_path(path):
    """A path of this machine as Wine's programs see it: below drive Z:."""
    return 'Z:' + str(Path(path).resolve()).replace('/', '\\')
