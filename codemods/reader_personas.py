"""Tests of tempest read what they check with the reader role.

What: in a test class, `self.servers_client.show_server(...)` becomes
`self.reader_servers_client.show_server(...)`, and likewise every other `show_` and `list_`. The
class asks for the persona (`credentials = ['primary', 'project_reader']`), and its
`setup_clients` binds the reader's clients where the service enforces its new defaults, else
those of the member:

    if CONF.enforce_scope.nova:
        cls.reader_servers_client = cls.os_project_reader.servers_client
    else:
        cls.reader_servers_client = cls.servers_client

A class with subclasses asks `hasattr(cls, 'os_project_reader')`, too, since they may have other
credentials. A reader's client that the class has or inherits is used as it is called. One class
is one change: credentials, clients and calls, or nothing.

Why: the services let readers read, and nothing tests it while tests read as members or admins.
Tempest did it by hand since 2023 (4091e98d1, 9e36fa64f, cd988b77e and ten more).

When to delete: once tempest's and the plugins' base classes have readers' clients, and nothing
reads through others.

What it leaves: calls of other credentials than those replaced (`--replaces admin` for them), and
of clients that `setup_clients` binds under a condition, more than once or not at all; `show_` and
`list_` of what belongs to a user and not to a project (keypairs, trusts, tokens, credentials), and
`show_image_file`, which readers may not do (`--leave`); where the persona is a project's, calls
that are given a user; assertions that a call is refused for another reason than that nothing is
found; calls in `skip_checks` and `setup_credentials`, before there are clients; waiters and
helpers that take a client. And it says so where a class has calls to change and cannot be
changed: its credentials are not a list, nothing tells the service, a subclass binds the client,
too, or does not call this `setup_clients`.

Needs --unsafe-fixes: the service's policy decides whether a reader may do it, and a deployment
with accounts made beforehand needs one more.

System readers, as in keystone: `--persona system_reader --replaces admin --condition
CONF.identity.use_system_token`.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fixtests.migrate import Codemod, argument
from fixtests.model import Applicability, Finding, Span
from fixtests.reasoning.module_names import binds_otherwise, name_for
from fixtests.reasoning.persona_clients import PersonaClients
from fixtests.reasoning.stores import stores
from fixtests.rules.api import Context, Editor
from fixtests.syntax.queries import called_name, dotted, is_function, last_name
from fixtests.tree.module import Class

CONF = "tempest.config.CONF"
SETUP, MANAGER, ROOT = "setup_clients", "os_", "tempest.test.BaseTestCase"
BEFORE = ("skip_checks", "setup_credentials")  # what runs before clients are there
READS = re.compile(r"(?:show|list)_\w+")
AREA = re.compile(r"(?:^|/)api/(compute|network|image|volume|identity)/")
SERVICES = {
    "compute": "nova",
    "network": "neutron",
    "image": "glance",
    "volume": "cinder",
    "identity": "keystone",
}
PLUGIN = "_tempest_plugin"
REFUSING = ("assertRaises", "assertRaisesRegex", "ExpectedException")
Credentials = tuple[Class, ast.List]
ABSENT = ("NotFound", "BadRequest")  # what a reader's call fails with as a member's does


@dataclass(frozen=True)
class Options:
    """Which clients are replaced by which."""

    persona: str = argument("Who reads.", default="project_reader")
    replaces: str = argument("Whose clients are replaced.", default="primary")
    service: str = argument("The service of enforce_scope, else that of the folder.", default="")
    condition: str = argument("What to ask instead of CONF.enforce_scope.SERVICE.", default="")
    clients: tuple[str, ...] = argument("Only these clients, as the tests name them.", default=())
    leave: tuple[str, ...] = argument(
        "Patterns of calls to leave.",
        default=("show_image_file", "*keypair*", "*trust*", "*token*", "*credential*"),
    )


@dataclass(frozen=True)
class Read:
    """A call to change: the client's place, its name, and the manager's name of it."""

    client: ast.Attribute
    name: str
    manager: str


class ReaderPersonas(Codemod):
    """Read as a reader."""

    needles = (re.compile(rb"client\w*\s*\.\s*(?:show|list)_"),)
    visits = (ast.ClassDef,)
    options = Options

    def check(self, node: ast.AST, context: Context) -> Iterator[Finding]:
        """Yield one finding for a class that reads through other clients than a reader's."""
        owner = context.module.classes.get(getattr(node, "name", ""))
        if not isinstance(node, ast.ClassDef) or owner is None or owner.node is not node:
            return
        reads = list(_reads(owner, context))
        if not reads:
            return
        start = context.source.span(node).start
        head = Span(start, start + len(f"class {node.name}"))
        told = f"`{node.name}` reads as {context.options.replaces} in {len(reads)} places"
        asked = _clients(context).credentials(owner)
        reason = _obstacle(owner, asked, reads, context)
        if asked is None or reason:
            told = f"{told}; {reason}"
            yield context.finding(node, told, Applicability.DISPLAY, span=head, anchor=node)
            return
        change = _Change(owner, asked, reads, context)
        yield context.finding(
            node,
            f"{told}; a reader may do that, if the service's policy says so",
            Applicability.UNSAFE,
            span=head,
            anchor=change.anchor,
            **change.data(),
        )

    def fix(self, finding: Finding, edit: Editor) -> None:
        """Give the class its persona and clients, and make the calls with them."""
        data = finding.data
        edit.rewrite(data["texts"])
        if data["constant"]:
            edit.declare_class_constant(data["owner"], "credentials", data["constant"])
        if data["before"]:
            edit.insert_before(data["before"])
        if data["after"]:
            edit.insert_after(data["after"])
        if data["bind"]:
            edit.require_import("from tempest import config")
            edit.declare_constant("CONF", "config.CONF")


def _reads(owner: Class, context: Context) -> Iterator[Read]:
    """Yield the calls of a class's own methods that a reader can make."""
    options = context.options
    for node in context.module.near(ReaderPersonas.needles[0]):
        match node:
            case ast.Attribute(attr=attr, value=ast.Attribute(attr=name) as client):
                pass
            case _:
                continue
        whose = dotted(client) or ""
        method = context.method_at(node)
        if (
            not READS.fullmatch(attr)
            or any(fnmatch.fnmatch(attr, pattern) for pattern in options.leave)
            or not whose.startswith(("self.", "cls."))
            or (options.clients and name not in options.clients)
            or method is None
            or method.name in (*BEFORE, SETUP)
            or context.parents.class_of(method.node) is not owner.node
            or _is_refused(node, context)
            or (options.persona.startswith("project_") and _is_of_user(node, context))
        ):
            continue
        path = whose.partition(".")[2]
        clients = _clients(context)
        found = clients.client(path) if "." in path else clients.origin(owner, name)
        if found and found[0] == options.replaces:
            yield Read(client, name, found[1])


def _clients(context: Context) -> PersonaClients:
    return PersonaClients(context.project, SETUP, MANAGER, "credentials", ROOT)


def _is_refused(node: ast.Attribute, context: Context) -> bool:
    """Tell whether a call is not made, or asserted to be refused."""
    above = context.parents.of(node)
    if not isinstance(above, ast.Call):
        return True
    if above.func is not node:
        return called_name(above) != "assertRaises" or not _is_absence(above)
    return any(
        isinstance(item.context_expr, ast.Call)
        and called_name(item.context_expr) in REFUSING
        and not _is_absence(item.context_expr)
        for outer in context.parents.above(node)
        if isinstance(outer, ast.With)
        for item in outer.items
    )


def _is_absence(call: ast.Call) -> bool:
    """Tell whether what an assertion wants raised says that something is not there."""
    return last_name(next(iter(call.args), None)) in ABSENT


def _is_of_user(node: ast.Attribute, context: Context) -> bool:
    """Tell whether a call is about a user, since a reader is another one."""
    call = context.parents.of(node)
    given = [*call.args, *call.keywords] if isinstance(call, ast.Call) else []
    return any("user" in context.source.slice(context.source.span(item)) for item in given)


def _service(context: Context) -> str:
    """Return the service whose defaults decide, as the configuration names it; empty if unknown."""
    area = AREA.search(context.relative)
    if context.options.service or area:
        return context.options.service or SERVICES[area[1]] if area else context.options.service
    top = context.module.name.partition(".")[0]
    home = context.project.path_of(f"{top}.config")
    own = top.removesuffix(PLUGIN)
    if top.endswith(PLUGIN) and (
        own in SERVICES.values()
        or (
            home and re.search(rf"enforce_scope.*['\"]{own}['\"]", context.project.text(home), re.S)
        )
    ):
        return own
    return ""


def _obstacle(
    owner: Class, credentials: Credentials | None, reads: list[Read], context: Context
) -> str:
    """Return why a class cannot be changed, in words; empty for nothing."""
    options, project = context.options, context.project
    if credentials is None:
        return "the credentials that it asks for are not a list that is known"
    asked = [item.value for item in credentials[1].elts if isinstance(item, ast.Constant)]
    if options.replaces not in asked:
        return f"its credentials do not name {options.replaces}"
    if not options.condition and not _service(context):
        return "nothing tells the service; give --service"
    own = owner.methods.get(SETUP)
    if own and isinstance(own.node.body[-1], ast.Return | ast.Raise | ast.Pass):
        return f"its {SETUP} ends early"
    if f"{context.module.name}.".startswith("tempest.lib."):
        return "tempest.lib must not read tempest's configuration"
    taken = binds_otherwise(context.module, CONF, project)
    if taken and not name_for(context.module, CONF, project):
        return f"`{taken}` is something else in this file"
    return _clients(context).heir_that_breaks(owner, {item.name for item in reads})


class _Change:
    """What makes a class read as a reader."""

    def __init__(
        self, owner: Class, asked: Credentials, reads: list[Read], context: Context
    ) -> None:
        self.owner = owner
        self.credentials = asked
        self.reads = reads
        self.context = context
        self.persona = context.options.persona
        known = _clients(context).of_persona(owner, self.persona)
        self.names = {item.manager: known.get(item.manager) or self._name(item) for item in reads}
        self.new = [item for item in _each(reads) if item.manager not in known]
        self.own = owner.methods.get(SETUP)
        self.indent = " " * owner.node.body[0].col_offset
        self.anchor: ast.stmt = owner.node
        if self.new:
            self.anchor = self.own.node.body[-1] if self.own else self._next()

    def _name(self, read: Read) -> str:
        """Return what the reader's client is called."""
        taken = {
            item.manager: f"reader_{item.name.removeprefix('admin_')}" for item in _each(self.reads)
        }
        name = taken[read.manager]
        project = self.context.project
        bound = any(
            name in item.attributes or stores(item, name, project)
            for item in (*project.mro(self.owner), *project.subclasses(self.owner))
            if isinstance(item, Class)
        )
        twice = list(taken.values()).count(name) > 1
        return f"reader_{read.manager}" if bound or twice else name

    def _next(self) -> ast.stmt:
        """Return the method that `setup_clients` is to stand before."""
        methods = [item for item in self.owner.node.body if is_function(item)]
        after = max((at for at, item in enumerate(methods) if item.name in BEFORE), default=-1)
        later = methods[after + 1 :]
        return (later or [item for item in methods if item.name not in BEFORE])[0]

    def data(self) -> dict[str, object]:
        """Return what the fix needs."""
        source = self.context.source
        bound = name_for(self.context.module, CONF, self.context.project)
        texts = {
            source.span(item.client): f"{(dotted(item.client) or '').partition('.')[0]}."
            f"{self.names[item.manager]}"
            for item in self.reads
        }
        constant = self._credentials(texts)
        method = "" if self.own or not self.new else self._method()
        first = self.owner.node.body[1 if ast.get_docstring(self.owner.node) else 0]
        if constant and method and first is self.anchor:  # both would stand at one place
            constant, method = "", f"credentials = {constant}\n\n{self.indent}{method}"
        return {
            "owner": self.owner.name,
            "texts": texts,
            "constant": constant,
            "before": method,
            "after": self._block(self.indent + "    ") if self.own and self.new else "",
            "bind": bool(self.new) and not bound,
        }

    def _credentials(self, texts: dict[Span, str]) -> str:
        """Return the credentials that the class is to ask for; its own list is only made longer."""
        home, asked = self.credentials
        if any(isinstance(x, ast.Constant) and x.value == self.persona for x in asked.elts):
            return ""
        last = home.module.source.span(asked.elts[-1])
        if home is self.owner:
            texts[last] = f"{home.module.source.slice(last)}, '{self.persona}'"
            return ""
        given = [ast.unparse(item) for item in asked.elts]
        return f"[{', '.join([*given, repr(self.persona)])}]"

    def _method(self) -> str:
        inner = self.indent + "    "
        text = self.context.source.utf8
        plain = b"super()" in text and b"super(" not in text.replace(b"super()", b"")
        above = "super()" if plain else f"super({self.owner.name}, cls)"
        return (
            f"@classmethod\n{self.indent}def {SETUP}(cls):\n"
            f"{inner}{above}.{SETUP}()\n{inner}{self._block(inner)}\n"
        )

    def _block(self, indent: str) -> str:
        """Return the statement that binds the readers' clients, its first line not indented."""
        conf = name_for(self.context.module, CONF, self.context.project)
        conf = conf or "CONF"
        options = self.context.options
        condition = options.condition or f"{conf}.enforce_scope.{_service(self.context)}"
        inner = indent + "    "
        lines = [f"if {condition}:"]
        if self.context.project.subclasses(self.owner):
            asked = f"hasattr(cls, '{MANAGER}{self.persona}')"
            lines = [f"if {condition} and {asked}:"]
            if len(indent + lines[0]) > self.context.line_length:
                lines = [f"if ({condition} and", f"{inner}    {asked}):"]
        lines += [self._bound(item, f"{MANAGER}{self.persona}.", inner) for item in self.new]
        lines += [f"{indent}else:"]
        lines += [self._bound(item, "", inner) for item in self.new]
        return "\n".join(lines)

    def _bound(self, read: Read, manager: str, indent: str) -> str:
        """Return the line that binds a client, in two where it is too long."""
        direct = dotted(read.client.value) not in ("self", "cls")
        plain = f"{MANAGER}{self.context.options.replaces}.{read.manager}" if direct else read.name
        value = f"cls.{manager}{read.manager}" if manager else f"cls.{plain}"
        line = f"{indent}cls.{self.names[read.manager]} = {value}"
        if len(line) <= self.context.line_length:
            return line
        return f"{indent}cls.{self.names[read.manager]} = (\n{indent}    {value})"


def _each(reads: list[Read]) -> list[Read]:
    """Return the first read of each client, in the order of the file."""
    ordered = sorted(reads, key=lambda item: (item.client.lineno, item.client.col_offset))
    return list({item.manager: item for item in reversed(ordered)}.values())[::-1]
