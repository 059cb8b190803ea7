"""What a profile may say of a project's tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fixtests.tree import profile_checks
from fixtests.tree.profile_checks import DottedName, ImportStatement, MethodName, RelativePath
from fixtests.tree.profile_cleanups import Cleanups, Resource
from fixtests.tree.profile_words import Microversions, Outcomes, Service, Setup, Words


@dataclass(frozen=True)
class Constants:
    """A module whose names may stand for literals, and the import that reaches it."""

    module: DottedName
    import_: ImportStatement = ""


@dataclass(frozen=True)
class Version:
    """Where a service's maximum API microversion stands in the tree.

    The last match of `pattern` in `file` gives it, with `prefix` before what
    the pattern's group holds. `lowest` is the service's lowest version, that with the minor
    number 1 where it is not said.
    """

    file: RelativePath
    pattern: Annotated[str, profile_checks.one_group]
    prefix: str = ""
    lowest: Annotated[str, profile_checks.version] = ""


@dataclass(frozen=True)
class Vocabulary:
    """How classes below `base` say that a list is long enough; a package is all of its classes.

    `nonempty` and `longer` are templates over `{list}` and `{index}`.
    """

    base: DottedName
    nonempty: Annotated[str, profile_checks.template("list", known=("index",))] = (
        "self.assertGreater(len({list}), 0)"
    )
    longer: Annotated[str, profile_checks.template("list", "index")] = (
        "self.assertGreater(len({list}), {index})"
    )


@dataclass(frozen=True)
class Profile:
    """One project's tests. Paths are relative to the root, with `/`.

    What another profile holds that it `extends` is added. A root with one of the `packages`,
    names in which `*` stands for anything, has the profile, and so has a file of any root
    that reaches a module or package of `imports` (see `fitting`). `tests` are folders of
    tests beyond those named `test` or `tests`, `samples` folders of recorded samples, `data`
    fixture and fake modules whose literals are their purpose. `clients` are the dotted names
    of classes behind the clients of tests. `requests` are methods that send a
    request and return the response, beyond those named after HTTP's. `testtools` are packages
    whose test cases are those of testtools: they take the expected value first. With `titles`,
    docstrings of tests begin with a line such as `Test creating a server`.
    """

    name: str = "unittest"
    extends: str = ""
    packages: tuple[str, ...] = ()
    imports: tuple[DottedName, ...] = ()
    clients: tuple[DottedName, ...] = ()
    testtools: tuple[DottedName, ...] = ()
    tests: tuple[RelativePath, ...] = ()
    samples: tuple[RelativePath, ...] = ()
    data: tuple[RelativePath, ...] = ()
    requests: tuple[MethodName, ...] = ()
    titles: bool = False
    setup: Setup = field(default_factory=Setup)
    services: tuple[Service, ...] = ()
    words: Words = field(default_factory=Words)
    constants: tuple[Constants, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    microversions: Microversions = field(default_factory=Microversions)
    vocabulary: tuple[Vocabulary, ...] = ()
    resources: tuple[Resource, ...] = ()
    cleanups: Cleanups = field(default_factory=Cleanups)
    outcomes: Outcomes = field(default_factory=Outcomes)
