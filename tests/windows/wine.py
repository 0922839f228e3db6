"""chartferry.exe under Wine, as the tests start it: a prefix of its own, no screen, no downloads."""
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

SKIPPED = 77


def skip(why):
    print('skipped: %s' % why)
    sys.exit(SKIPPED)


class Wine:
    """Programs run in the prefix in `folder`, which is made when it is absent (about ten seconds).
    stay_up: a shell that waits for words keeps the system up between them; without it, each program starts all of Wine's services anew,
    ten times as long as most tests take. Not for a setup program: it tells all windows of what it changed, and waits for that shell's."""

    def __init__(self, folder, stay_up=False):
        if not shutil.which('wine'):
            skip('wine absent; installer/install-packages.sh windows installs it')
        self.folder = Path(folder)
        self.env = {**os.environ, 'WINEPREFIX': str(self.folder), 'WINEDEBUG': '-all', 'WINEARCH': 'win64',
                    'WINEDLLOVERRIDES': 'mscoree,mshtml=;winemenubuilder.exe=d'}
        self.env.pop('DISPLAY', None)
        self.stays_up, self.shell, self.lock = stay_up, None, threading.Lock()
        if not (self.folder / 'system.reg').exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(['wine', 'wineboot', '--init'], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                           check=False)
            self.settle()

    def run(self, *words, seconds=300, **how):
        """The finished process of a Windows program; output is captured. Wine, on a busy machine, now and then ends with 1 before the
        program begins, and says nothing; ours never does, so that such a start is made once more."""
        how = {'stdin': subprocess.DEVNULL, **({} if 'input' not in how else {'stdin': None}), **how}
        self.wake()
        for _ in range(2):
            done = subprocess.run(['wine', *map(str, words)], env=self.env, capture_output=True, timeout=seconds, check=False, **how)
            if done.returncode != 1 or done.stdout or done.stderr:
                break
        return done

    def start(self, *words, **how):
        self.wake()
        return subprocess.Popen(['wine', *map(str, words)], env=self.env, **how)

    def wake(self):
        with self.lock:
            if self.stays_up and self.shell is None:
                self.shell = subprocess.Popen(['wine', 'cmd'], env=self.env, cwd='/', stdin=subprocess.PIPE,
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def settle(self):
        """Waits until every program of the prefix has ended and its registry is on the disk."""
        if self.shell is not None:
            self.shell.stdin.close()  # it ends with its words, as it does when this program ends
            self.shell.wait(120)
            self.shell = None
        subprocess.run(['wineserver', '-w'], env=self.env, check=False, timeout=120)

    def drive_c(self, path):
        """A Windows path on drive C: as a path of this machine."""
        return self.folder / 'drive_c' / path.replace('\\', '/').removeprefix('C:/')


def windows_path(path):
    """A path of this machine as Wine's programs see it: below drive Z:."""
    return 'Z:' + str(Path(path).resolve()).replace('/', '\\')
