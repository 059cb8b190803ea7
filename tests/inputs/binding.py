"""Every way to bind a name, and to bind it otherwise again, as lines with a place for the name."""

from __future__ import annotations

# Where a line is that does not run, with the imports that this takes.
NOT_RUN = {
    "if TYPE_CHECKING": ("if TYPE_CHECKING:\n    {}", ["from typing import TYPE_CHECKING"]),
    "if typing.TYPE_CHECKING": ("if typing.TYPE_CHECKING:\n    {}", ["import typing"]),
    "if False": ("if False:\n    {}", []),
    "if 0": ("if 0:\n    {}", []),
    "if not True": ("if not True:\n    {}", []),
    "if __name__": ("if __name__ == '__main__':\n    {}", []),
    "if sys.platform": ("if sys.platform == 'win32':\n    {}", ["import sys"]),
    "if os.name": ("if os.name == 'nt':\n    {}", ["import os"]),
    "if sys.version_info": ("if sys.version_info < (3,):\n    {}", ["import sys"]),
    "elif": ("if os.sep:\n    pass\nelif os.name:\n    {}", ["import os"]),
    "else": ("if os.sep:\n    pass\nelse:\n    {}", ["import os"]),
    "try whose handler passes": (
        "try:\n    import no_such_module  # noqa: F401\n    {}\nexcept ImportError:\n    pass",
        [],
    ),
    "except": ("try:\n    import os  # noqa: F401\nexcept ImportError:\n    {}", []),
    "else of try": (
        "try:\n    import no_such_module  # noqa: F401\nexcept ImportError:\n    pass\n"
        "else:\n    {}",
        [],
    ),
    "with suppress": (
        "with contextlib.suppress(ImportError):\n    import no_such_module  # noqa: F401\n    {}",
        ["import contextlib"],
    ),
    "for over nothing": ("for _ in ():\n    {}", []),
    "else of for": ("for _ in (1,):\n    break\nelse:\n    {}", []),
    "while": ("while __debug__ is None:\n    {}", []),
    "match": ("match __name__:\n    case 'other':\n        {}", []),
    "function": ("def _bind():\n    {}", []),
    "function with global": ("def _bind():\n    global {name}\n    {}", []),
    "class": ("class Names:\n    {}", []),
    "text": ("CODE = '''\n{}\n'''", []),
}
# How a name is bound otherwise, or not bound any more, by a statement beside the first one.
AGAIN = {
    "del": "del {name}",
    "del of several": "other = 1\ndel other, {name}",
    "= None": "{name} = None",
    "upper": "{name} = {name} and 'UPPER'",
    "for": "for {name} in (1, 2):\n    pass",
    "def": "def {name}(*_):\n    return 1",
    "async def": "async def {name}(*_):\n    return 1",
    "class": "class {name}:\n    pass",
    "with as": "with contextlib.nullcontext(1) as {name}:\n    pass",
    "except as": "try:\n    raise ValueError\nexcept ValueError as {name}:\n    pass",
    "import as": "import os.path as {name}  # noqa: F811",
    "from import as": "from os import path as {name}  # noqa: F811",
    "walrus": "print({name} := 1)",
    "walrus in if": "if {name} := 1:\n    pass",
    "walrus in a comprehension": "OTHERS = [{name} := n for n in (1, 2)]",
    "augmented": "OLD = {name}\n{name} = 'x'\n{name} += 'y'",
    "annotated": "{name}: object = None",
    "tuple": "{name}, OTHER = 1, 2",
    "star": "*{name}, OTHER = 1, 2",
    "chained": "OTHER = {name} = 1",
    "match capture": "match 3:\n    case {name}:\n        pass",
    "match as": "match [3]:\n    case [int() as {name}]:\n        pass",
    "match star": "match [3]:\n    case [*{name}]:\n        pass",
    "match rest": "match {{}}:\n    case {{**{name}}}:\n        pass",
    "if that runs": "if contextlib:\n    {name} = None",
    "try that runs": "try:\n    {name} = None\nfinally:\n    pass",
    "while": "while True:\n    {name} = None\n    break",
}
# How only modules, or only classes, bind a name otherwise.
OF_MODULES = {
    "global": "def _bind():\n    global {name}\n    {name} = None\n\n\n_bind()",
    "global deleted": "def _bind():\n    global {name}\n    del {name}\n\n\n_bind()",
    "globals()": "globals()['{name}'] = None",
    "globals().pop": "globals().pop('{name}')",
    "globals().update": "globals().update({name}=1)",
    "setattr of the module": "setattr(sys.modules[__name__], '{name}', None)",
    "delattr of the module": "delattr(sys.modules[__name__], '{name}')",
    "exec": "exec('{name} = 1')",
    "star import": "from contextlib import *  # noqa: F403",
}
LOCAL = {
    "a local bound later": ("", "{use}{name} = 1\nself.assertEqual(1, {name})\n"),
    "a local bound before": ("", "{name} = 1\n{use}self.assertEqual(1, {name})\n"),
    "a loop": ("", "for {name} in (1, 2):\n    {use4}"),
    "a loop later": ("", "{use}for {name} in (1, 2):\n    pass\n"),
    "with as": ("", "with self.subTest() as {name}:\n    {use4}"),
    "except as": ("", "try:\n    raise ValueError\nexcept ValueError as {name}:\n    {use4}"),
    "import": ("", "import os as {name}\n{use}"),
    "a function": ("", "def {name}():\n    pass\n\n{use}"),
    "a class": ("", "class {name}:\n    pass\n\n{use}"),
    "a walrus": ("", "if ({name} := 1):\n    {use4}"),
    "a parameter": (", {name}=None", "{use}"),
    "a parameter by name": (", *, {name}=None", "{use}"),
    "star arguments": (", *{name}", "{use}"),
    "named arguments": (", **{name}", "{use}"),
    "match": ("", "match 1:\n    case {name}:\n        {use8}"),
    "an annotated local": ("", "{name}: str\n{use}"),
    "a deleted local": ("", "{name} = 1\ndel {name}\n{use}"),
    "a nested parameter": ("", "def inner({name}=1):\n    {use4}\ninner()\n"),
    "a lambda's parameter": ("", "(lambda {name}=1: {call})()\n"),
    "a comprehension": ("", "[{call} for {name} in (1, 2)]\n"),
    "a name of the function around": (
        "",
        "{name} = 1\n\ndef inner():\n    nonlocal {name}\n    {name} = 2\n    {use4}\ninner()\n",
    ),
    "global and deleted": ("", "global {name}\n{name} = 1\n{use}"),
}
IN_SET_UP = {
    "self": "self.{name} = 1",
    "self in a loop": "for self.{name} in (1, 2):\n    pass",
    "self in with": "with self.subTest() as self.{name}:\n    pass",
    "self in a tuple": "self.{name}, other = 1, 2",
    "the class": "type(self).{name} = 1",
    "__class__": "__class__.{name} = 1",
    "setattr": "setattr(self, '{name}', 1)",
    "setattr of the class": "setattr(type(self), '{name}', 1)",
    "delattr": "hasattr(type(self), '{name}') and delattr(type(self), '{name}')",
    "del": "if hasattr(type(self), '{name}'):\n    del type(self).{name}",
    "vars": "vars(self)['{name}'] = 1",
    "__dict__": "self.__dict__.update({name}=1)",
    "annotated": "self.{name}: object = 1",
    "loop over names": "for name in ('{name}', 'B'):\n    setattr(self, name, 1)",
}
AFTER_CLASS = {
    "an assignment": "{case}.{name} = None",
    "del": "del {case}.{name}",
    "setattr": "setattr({case}, '{name}', None)",
    "delattr": "delattr({case}, '{name}')",
    "a heir": "class Heir({case}):\n    {name} = None",
    "a loop": "for {case}.{name} in (1, 2):\n    pass",
    "type()": "Heir = type('Heir', ({case},), {{'{name}': None}})",
}
POST = "api.post_server_volume('x', {'volumeId': 'UUID'})"
WITHOUT_SELF = {
    "a static method": f"@staticmethod\ndef check(api):\n    {POST}\n",
    "a class method": f"@classmethod\ndef check(cls, api):\n    {POST}\n",
    "a method without self": f"def check(this, api):\n    {POST}\n",
    "a method that binds self again": f"def check(self, api):\n    self = api\n    {POST}\n",
    "a lambda of the class": f"check = lambda self, api: {POST}  # noqa: E731\n",
    "a nested class": (
        f"class Inner:\n    def check(self, api):\n        {POST}\n\n"
        "def check(self, api):\n    self.Inner().check(api)\n"
    ),
    "a nested function with self": (
        f"def check(self, api):\n    def inner(self):\n        {POST}\n\n    inner(api)\n"
    ),
    "a method whose self is deleted": f"def check(self, api):\n    del self\n    {POST}\n",
}
