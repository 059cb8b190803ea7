"""What FT102 relies on: that a constant of a class or a module is the host's name everywhere."""

from __future__ import annotations

from random import Random

from inputs.binding import AFTER_CLASS, AGAIN, IN_SET_UP, LOCAL, NOT_RUN, OF_MODULES
from inputs.shapes import Kind, module

HOSTS = (("host1", "HOST1"), ("compute7", "COMPUTE7"), ("cell-a", "CELL_A"), ("host_b", "HOST_B"))


def _host(random: Random) -> tuple[str, str]:
    return random.choice(HOSTS)


def starts(host: str) -> str:
    """Return statements that repeat the name of a host."""
    return (
        f"self.start_service('compute', host='{host}')\n"
        f"self.assertIn('{host}', self.services)\n"
        f"self.assertTrue(self.services['{host}'].running)\n"
    )


def _not_run(where: str, in_class: bool) -> Kind:
    template, imports = NOT_RUN[where]

    def make(random: Random) -> str:
        host, name = _host(random)
        bound = template.replace("{name}", name).replace("{}", f"{name} = '{host}'") + "\n"
        place = {"members" if in_class else "head": bound}
        return module(random, starts(host), imports=imports, **place)

    whose = "class constant" if in_class else "constant"
    return Kind("FT102", f"{whose} bound in: {where}", make)


def _again(how: str, template: str, in_class: bool) -> Kind:
    def make(random: Random) -> str:
        host, name = _host(random)
        bound = f"{name} = '{host}'\n{template.format(name=name)}\n"
        place = {"members" if in_class else "head": bound}
        return module(random, starts(host), imports=["import contextlib", "import sys"], **place)

    whose = "class constant" if in_class else "constant"
    return Kind("FT102", f"{whose} bound again by: {how}", make)


def _set_up(how: str, template: str, is_new: bool) -> Kind:
    def make(random: Random) -> str:
        host, name = _host(random)
        members = "" if is_new else f"{name} = '{host}'\n"
        set_up = template.format(name=name) + "\n"
        if "del" in how and is_new:
            set_up = f"type(self).{name} = 1\n{set_up}"
        return module(random, starts(host), members=members, set_up=set_up)

    whose = "new constant" if is_new else "class constant"
    return Kind("FT102", f"{whose} set in setUp by: {how}", make)


def _hidden(how: str) -> Kind:
    parameters, template = LOCAL[how]

    def make(random: Random) -> str:
        host, name = _host(random)
        call = f"self.start_service('compute', host='{host}')"
        body = template.format(
            name=name, call=call, use=f"{call}\n", use4=f"{call}\n", use8=f"{call}\n"
        )
        body += f"self.assertIn('{host}', self.services)\n"
        given = parameters.format(name=name)
        return module(random, body, head=f"{name} = '{host}'\n", parameters=given)

    return Kind("FT102", f"constant hidden by {how}", make)


def _below(how: str, template: str) -> Kind:
    def make(random: Random) -> str:
        host, name = _host(random)
        text = module(random, starts(host), members=f"{name} = '{host}'\n")
        case = text.partition("\nclass ")[2].partition("(")[0]
        return f"{text}\n\n{template.format(case=case, name=name)}\n"

    return Kind("FT102", f"class constant changed below by: {how}", make)


def _without_self(how: str, members: str) -> Kind:
    def make(random: Random) -> str:
        host, name = _host(random)
        text = members.replace("HOST", host).replace("NAME", name)
        body = starts(host) + "self.check(self.services)\n"
        return module(random, body, members=text)

    return Kind("FT102", f"used in {how}", make)


WITHOUT_SELF = {
    "a static method": "@staticmethod\ndef check(services):\n    assert 'HOST' in services\n",
    "a class method": "@classmethod\ndef check(cls, services):\n    assert 'HOST' in services\n",
    "a method without self": "def check(this, services):\n    assert 'HOST' in services\n",
    "a nested class": (
        "class Inner:\n    def check(self, services):\n        assert 'HOST' in services\n\n"
        "def check(self, services):\n    self.Inner().check(services)\n"
    ),
    "a lambda of the class": "check = lambda self, services: 'HOST' in services  # noqa: E731\n",
    "a method that binds self again": (
        "def check(self, services):\n    self = services\n    assert 'HOST' in self\n"
    ),
    "a property": "@property\ndef check(self):\n    return {'HOST'}.issubset\n",
    "a generator": "def check(self, services):\n    return list(x for x in ('HOST',))\n",
}

KINDS = [
    *(
        _not_run(it, in_class)
        for it in NOT_RUN
        for in_class in (False, True)
        if it != "text" and not (in_class and "global" in it)
    ),
    *(_again(*it, False) for it in AGAIN.items()),
    *(_again(*it, True) for it in AGAIN.items() if "comprehension" not in it[0]),
    *(_again(*it, False) for it in OF_MODULES.items() if it[0] != "star import"),
    *(_set_up(*it, is_new) for it in IN_SET_UP.items() for is_new in (False, True)),
    *map(_hidden, LOCAL),
    *(_below(*it) for it in AFTER_CLASS.items()),
    *(_without_self(*it) for it in WITHOUT_SELF.items()),
]
