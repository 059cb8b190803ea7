"""Scripted migrations: one script of `codemods/` over a tree, to the results any run has.

A script yields changes and never writes; its own code runs in this process, the
code of the target never does.
"""

from fixtests.migrate.codemod import Codemod, argument
from fixtests.migrate.selection import Rules
from fixtests.migrate.steps import Step, Steps

__all__ = ["Codemod", "Rules", "Step", "Steps", "argument"]
