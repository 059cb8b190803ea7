"""What mutants call: functions that do as before, and note what came of it as marks do."""

from fixtests_marks import hit


def returning(number, function):
    """Return a function that does the same, and notes each call that raised nothing."""

    def watched(*arguments, **named):
        found = function(*arguments, **named)
        hit(number)
        return found

    return watched


def failing(number, function):
    """Return a function that does the same, and notes each assertion that fails in it."""

    def watched(*arguments, **named):
        try:
            return function(*arguments, **named)
        except AssertionError:
            hit(number)
            raise

    return watched
