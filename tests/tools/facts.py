"""For test scripts that go on after a fact that does not hold: each is said at once and remembered."""

failures = []


def check(fact, what):
    if not fact:
        failures.append(what)
        print('FAILED: ' + what)


def ended(name, well='all as it should be'):
    """Says how the script ended; its exit code."""
    print('%s: %s' % (name, '%d failures' % len(failures) if failures else well))
    return 1 if failures else 0
