"""A bare Debian of this machine's own release, in a folder, for tests that want to see what happens on a fresh one. Needs root, debootstrap
and a mirror: those that this machine itself gets its packages from."""
import os
import pathlib
import shutil
import subprocess

RELEASE, CODENAME = '12', 'bookworm'  # only on the same one a package finds the libraries that it was built with


class Skip(Exception):
    """Why there can be none here."""


def run(*words, seconds=900, **more):
    done = subprocess.run([str(w) for w in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds,
                          stdin=subprocess.DEVNULL, **more)
    return done.returncode, done.stdout


def mirror():
    """Where apt gets this release from; "" leaves it to debootstrap."""
    code, text = run('apt-get', 'indextargets', '--format', '$(CREATED_BY) $(ORIGIN) $(RELEASE) $(REPO_URI)')
    for line in text.splitlines() if code == 0 else []:
        by, origin, release, uri = (line.split() + [''] * 4)[:4]
        if (by, origin, release) == ('Packages', 'Debian', CODENAME) and uri.startswith('http'):
            return uri
    return ''


class Debian:
    """Made in `base`, which must not exist; `remove` takes it away. Raises Skip."""

    def __init__(self, base, *packages):
        system = pathlib.Path('/etc/os-release').read_text(encoding='utf-8')
        if os.geteuid() != 0 or not shutil.which('debootstrap'):
            raise Skip('no root, or debootstrap absent')
        if 'ID=debian\n' not in system or 'VERSION_ID="%s"' % RELEASE not in system:
            raise Skip('this is not Debian ' + RELEASE)
        self.base = pathlib.Path(base)
        words = ['debootstrap', '--variant=minbase', *(['--include=' + ','.join(packages)] if packages else []), CODENAME, base, mirror()]
        code, text = run(*[w for w in words if w != ''])
        if code != 0:
            shutil.rmtree(base, ignore_errors=True)
            raise Skip('debootstrap found no mirror')
        # Every installed Debian has one.
        hosts = self.base / 'etc/hosts'
        if not hosts.exists():
            hosts.write_text('127.0.0.1 localhost\n', encoding='ascii')
        # What apt does here, it does there.
        for name in ('sources.list', 'sources.list.d', 'apt.conf.d'):
            source = pathlib.Path('/etc/apt') / name
            if source.is_dir():
                shutil.copytree(source, self.base / 'etc/apt' / name, dirs_exist_ok=True)
            elif source.exists():
                shutil.copy(source, self.base / 'etc/apt' / name)
        # A program finds out where it lies from /proc. False where not even root may mount it.
        self.has_proc = run('mount', '-t', 'proc', 'proc', self.base / 'proc')[0] == 0

    def inside(self, *words, seconds=900, **more):
        """(exit code, what is printed) of a command in it, whose environment says nothing but what `more` adds."""
        env = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'HOME': '/root', **more}
        return run('chroot', self.base, *words, seconds=seconds, env=env)

    def remove(self):
        if self.has_proc and run('umount', self.base / 'proc')[0] != 0:
            run('umount', '-l', self.base / 'proc')
        shutil.rmtree(self.base, ignore_errors=True)
