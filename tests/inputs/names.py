"""Every way to bind a name, and to bind it otherwise again: what FT101 and FT102 rely on.

A name that another kind of statement binds, on another path, or in another scope is not the value
that a literal has where the test runs.
"""

from __future__ import annotations

import re
import sys
from random import Random

from inputs.binding import (
    AFTER_CLASS,
    AGAIN,
    IN_SET_UP,
    LOCAL,
    NOT_RUN,
    OF_MODULES,
    WITHOUT_SELF,
)
from inputs.shapes import Kind, lines, module

VOLUMES = (
    "6f0c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e21",
    "0d9c3a2e-7b1d-4c55-9a0e-3d1f0b8c2e12",
    "c7a1d9b4-52e0-4f6b-8a3d-90b1c2d3e4f5",
    "aa5c2e88-1f0b-4d37-b6ce-7712a0c94d10",
)
IMAGES = ("8b2f7f5e-6a0d-4a3c-9f4e-51c2d7e0a911", "c41d9e08-3b7a-4f52-8d16-0e9a6b5f2c73")
FIXTURES = "from nova.tests import fixtures as nova_fixtures"
NAMES = ("VOLUME_ID", "ATTACHED", "VOLUME", "VOL")


def volume(random: Random) -> tuple[str, str]:
    """Return a UUID that only a test names, and a name for it."""
    return random.choice(VOLUMES), random.choice(NAMES)


def use(random: Random, literal: str, *, told: bool = True) -> str:
    """Return statements in which a literal is a resource's id."""
    key = random.choice(("volumeId", "volume_id"))
    forms = (
        f"self.api.post_server_volume('x', {{'{key}': '{literal}'}})\n",
        f"self.api.post_server_volume(\n    'x', {{'{key}': '{literal}'}})\n",
        f"body = {{'{key}': '{literal}'}}\nself.api.post_server_volume('x', body)\n",
        f"body = {{'{key}': '{literal}'}}\nself.api.post_server_volume('x', body)\n"
        f"self.assertTrue(body['{key}'].islower())\n",
        f"self.assertIn('volumeAttachment', self.api.post_server_volume(\n"
        f"    'x', {{'{key}': '{literal}'}}))\n",
    )
    return random.choice(forms if told else forms[:2])


def use_image(random: Random, literal: str) -> str:
    """Return statements in which a literal is the id of an image that the tree has a name for."""
    forms = (
        f"self.api.post_server_volume('x', {{'imageRef': '{literal}'}})\n",
        f"server = self._create_server(image_uuid='{literal}')\n"
        "self.api.delete_server(server['id'])\n",
        f"body = {{'imageRef': '{literal}'}}\nself.assertTrue(body['imageRef'].islower())\n",
    )
    return random.choice(forms)


def _bound(line: str, name: str, where: str) -> tuple[str, list[str]]:
    template, imports = NOT_RUN[where]
    return template.replace("{name}", name).replace("{}", line) + "\n", imports


def _constant_not_run(where: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        head, imports = _bound(f"{name} = '{literal}'", name, where)
        return module(random, use(random, literal), head=head, imports=imports)

    return Kind("FT101", f"constant bound in: {where}", make)


def _import_not_run(where: str) -> Kind:
    def make(random: Random) -> str:
        literal = random.choice(IMAGES)
        head, imports = _bound(FIXTURES, "nova_fixtures", where)
        return module(random, use_image(random, literal), head=head, imports=imports)

    return Kind("FT101", f"import bound in: {where}", make)


def _class_constant_not_run(where: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        members, imports = _bound(f"{name} = '{literal}'", name, where)
        return module(random, use(random, literal), members=members, imports=imports)

    return Kind("FT101", f"class constant bound in: {where}", make)


def _placed(random: Random, first: str, again: str) -> tuple[str, str]:
    """Return what stands above the class, and what stands below it."""
    if random.random() < 0.3:
        return f"{first}\n", f"{again}\n"
    return f"{first}\n\n\n{again}\n" if "def " in again else f"{first}\n{again}\n", ""


def _constant_again(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        head, tail = _placed(random, f"{name} = '{literal}'", template.format(name=name))
        imports = ["import contextlib", "import sys"]
        return module(random, use(random, literal), head=head, tail=tail, imports=imports)

    return Kind("FT101", f"constant bound again by: {how}", make)


def _import_again(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        again = template.format(name="nova_fixtures")
        head, tail = _placed(random, FIXTURES, again)
        imports = ["import contextlib", "import sys"]
        body = use_image(random, random.choice(IMAGES))
        return module(random, body, head=head, tail=tail, imports=imports)

    return Kind("FT101", f"import bound again by: {how}", make)


def _class_constant_again(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        members = f"{name} = '{literal}'\n{template.format(name=name)}\n"
        return module(random, use(random, literal), members=members, imports=["import contextlib"])

    return Kind("FT101", f"class constant bound again by: {how}", make)


def _shadowed(how: str, is_import: bool) -> Kind:
    parameters, template = LOCAL[how]

    def make(random: Random) -> str:
        if is_import:
            literal, name, head = random.choice(IMAGES), "nova_fixtures", f"{FIXTURES}\n"
            call = f"self.api.post_server_volume('x', {{'imageRef': '{literal}'}})"
        else:
            literal, name = volume(random)
            head = f"{name} = '{literal}'\n"
            call = f"self.api.post_server_volume('x', {{'volumeId': '{literal}'}})"
        body = template.format(
            name=name, call=call, use=f"{call}\n", use4=f"{call}\n", use8=f"{call}\n"
        )
        given = parameters.format(name=name)
        return module(random, body, head=head, parameters=given)

    return Kind("FT101", f"{'import' if is_import else 'constant'} hidden by {how}", make)


def _attribute_again(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        members = f"{name} = '{literal}'\n"
        set_up = template.format(name=name) + "\n"
        return module(random, use(random, literal), members=members, set_up=set_up)

    return Kind("FT101", f"class constant set in setUp by: {how}", make)


def _mangled(random: Random) -> str:
    literal = random.choice(VOLUMES)
    name = random.choice(("__VOL", "__VOLUME_ID", "__ATTACHED", "__id"))
    return module(random, use(random, literal), head=f"{name} = '{literal}'\n")


def _mangled_import(random: Random) -> str:
    name = random.choice(("__fixtures", "__nova_fixtures", "__f"))
    head = f"from nova.tests import fixtures as {name}\n"
    return module(random, use_image(random, random.choice(IMAGES)), head=head)


def _bound_below(random: Random) -> str:
    literal, name = volume(random)
    members = f"BODY = {{'volumeId': '{literal}'}}\n"
    body = "self.api.post_server_volume('x', self.BODY)\n"
    return module(
        random, body + use(random, literal), members=members, tail=f"{name} = '{literal}'\n"
    )


def _after_class(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        text = module(random, use(random, literal), members=f"{name} = '{literal}'\n")
        case = text.partition("\nclass ")[2].partition("(")[0]
        return f"{text}\n\n{template.format(case=case, name=name)}\n"

    return Kind("FT101", f"class constant changed below by: {how}", make)


def _type_parameter(random: Random) -> str:
    literal, name = volume(random)
    text = module(random, use(random, literal), head=f"{name} = '{literal}'\n")
    first = text.rindex("(self", 0, text.index(f"'{literal}'", text.index("class ")))
    return f"{text[:first]}[{name}]{text[first:]}"


def _blocks() -> list[Kind]:
    """Return the kinds in which a new constant belongs below a block, right above the class."""
    blocks = {
        "if": "if os.sep:\n    import sys  # noqa: F401\n",
        "try": "try:\n    import json\nexcept ImportError:\n    json = None\n",
        "else": "if os.sep:\n    import sys  # noqa: F401\nelse:\n    import json  # noqa: F401\n",
        "finally": "try:\n    import json  # noqa: F401\nfinally:\n    pass\n",
        "with": "with contextlib.suppress(ImportError):\n    import json  # noqa: F401\n",
        "if in if": "if os.sep:\n    if os.name:\n        import sys  # noqa: F401\n",
        "if and a comment": "if os.sep:\n    import sys  # noqa: F401\n# The tests.\n",
    }

    def kind(name: str, block: str, gap: str) -> Kind:
        def make(random: Random) -> str:
            imports = ["import os", "import contextlib"]
            literal = random.choice(VOLUMES)
            text = module(random, use(random, literal), head=block, imports=imports)
            return text.replace("\n\n\nclass ", f"\n{gap}class ", 1)

        above = "directly" if not gap else "one line"
        return Kind("FT101", f"imports end in {name} {above} above a class", make, "thrown away")

    return [kind(name, block, gap) for name, block in blocks.items() for gap in ("", "\n")]


def _new_constant(how: str, template: str, place: str) -> Kind:
    """Return a kind in which the name that a new constant would have is bound already."""

    def make(random: Random) -> str:
        literal = random.choice(VOLUMES)
        bound = template.format(name="VOLUME_ID") + "\n"
        imports = ["import contextlib", "import sys"]
        return module(random, use(random, literal), imports=imports, **{place: bound})

    return Kind("FT101", f"name of a new constant bound in {place} by: {how}", make)


def _without_self(how: str, check: str) -> Kind:
    def make(random: Random) -> str:
        literal, name = volume(random)
        members = f"{name} = '{literal}'\n\n{check.replace('UUID', literal)}"
        return module(random, "self.check(self.api)\n", members=members)

    return Kind("FT101", f"class constant used in {how}", make)


BINDS = {
    how: template
    for how, template in {**AGAIN, **OF_MODULES}.items()
    if not re.match("del|upper|augmented|star import|.*(deleted|pop)", how)
}

KINDS = [
    *(_new_constant(*it, "head") for it in BINDS.items()),
    *(_new_constant(*it, "tail") for it in BINDS.items()),
    *(_new_constant(how, OF_MODULES[how], "set_up") for how in ("globals()", "exec")),
    *(_without_self(*it) for it in WITHOUT_SELF.items()),
    *map(_constant_not_run, NOT_RUN),
    *map(_import_not_run, NOT_RUN),
    *(_class_constant_not_run(it) for it in NOT_RUN if "global" not in it and it != "text"),
    *(_constant_again(*it) for it in {**AGAIN, **OF_MODULES}.items() if it[0] != "star import"),
    *(_import_again(*it) for it in {**AGAIN, **OF_MODULES}.items() if it[0] != "star import"),
    *(_class_constant_again(*it) for it in AGAIN.items() if "comprehension" not in it[0]),
    *(_shadowed(how, is_import) for how in LOCAL for is_import in (False, True)),
    *(_attribute_again(*it) for it in IN_SET_UP.items()),
    *(_after_class(*it) for it in AFTER_CLASS.items()),
    Kind("FT101", "class constant `VOL = VOL.upper()`", lambda random: _upper(random)),
    Kind("FT101", "mangled name of a constant", _mangled),
    Kind("FT101", "mangled name of an import", _mangled_import),
    Kind("FT101", "constant bound below what the class body needs", _bound_below),
    *_blocks(),
]
if sys.version_info >= (3, 12):
    KINDS.append(Kind("FT101", "type parameter of the same name", _type_parameter))


def _upper(random: Random) -> str:
    literal, name = volume(random)
    change = random.choice(("upper()", "title()", "replace('-', '')", "strip('0')[1:]"))
    members = f"{name} = '{literal}'\n{name} = {name}.{change}\n"
    body = lines(f"""
        body = {{'volumeId': '{literal}'}}
        self.api.post_server_volume('x', body)
    """)
    return module(random, body + use(random, literal), members=members)
