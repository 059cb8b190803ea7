"""Every way to hand a server to somebody else who deletes it: objects, the module, the class."""

from __future__ import annotations

KEEPER = """\
class Keeper:
    def __init__(self, api, server=None):
        self.api = api
        self.server = server

"""
END = "self.api.delete_server(self.server['id'])"
# What stands above the test's class, in its body, and after `server = ...`.
ESCAPES = {
    "object, method": (
        f"{KEEPER}    def end(self):\n        {END}\n",
        "",
        "Keeper(self.api, server).end()",
    ),
    "object, method given the server": (
        f"{KEEPER}    def end(self, server):\n        self.api.delete_server(server['id'])\n",
        "",
        "keeper = Keeper(self.api)\nkeeper.end(server)",
    ),
    "object, with": (
        f"{KEEPER}    def __enter__(self):\n        return self\n\n"
        f"    def __exit__(self, *args):\n        {END}\n",
        "",
        "with Keeper(self.api, server):\n    pass",
    ),
    "object, called": (
        f"{KEEPER}    def __call__(self):\n        {END}\n",
        "",
        "Keeper(self.api, server)()",
    ),
    "object, item deleted": (
        f"{KEEPER}    def __delitem__(self, key):\n        self.api.delete_server(key)\n",
        "",
        "del Keeper(self.api)[server['id']]",
    ),
    "object, attribute set": (
        f"{KEEPER}    @property\n    def last(self):\n        return None\n\n"
        "    @last.setter\n    def last(self, it):\n        self.api.delete_server(it['id'])\n",
        "",
        "keeper = Keeper(self.api)\nkeeper.last = server",
    ),
    "object, any attribute": (
        f"{KEEPER}    def __getattr__(self, name):\n"
        "        return lambda it: self.api.delete_server(it['id'])\n",
        "",
        "Keeper(self.api).remove(server)",
    ),
    "object, class method": (
        "class Keeper:\n    @classmethod\n    def end(cls, api, it):\n"
        "        api.delete_server(it['id'])\n",
        "",
        "Keeper.end(self.api, server)",
    ),
    "object, of a helper": (
        f"{KEEPER}    def end(self):\n        {END}\n\n\n"
        "def keeping(api, server):\n    return Keeper(api, server)\n",
        "",
        "keeping(self.api, server).end()",
    ),
    "class of the class": (
        "",
        "class Keeper:\n    @staticmethod\n    def end(api, it):\n"
        "        api.delete_server(it['id'])\n\n",
        "self.Keeper.end(self.api, server)",
    ),
    "dict of the module": (
        "KEPT = {}\n\n\ndef end(api):\n    api.delete_server(KEPT.pop('it')['id'])\n",
        "",
        "KEPT['it'] = server\nend(self.api)",
    ),
    "list of the module": (
        "KEPT = []\n\n\ndef end(api):\n    for it in KEPT:\n        api.delete_server(it['id'])\n"
        "    KEPT.clear()\n",
        "",
        "KEPT.append(server)\nend(self.api)",
    ),
    "global of the module": (
        "KEPT = None\n\n\ndef keep(it):\n    global KEPT\n    KEPT = it['id']\n\n\n"
        "def end(api):\n    api.delete_server(KEPT)\n",
        "",
        "keep(server)\nend(self.api)",
    ),
    "attribute of the class": (
        "",
        "kept = None\n\ndef end(self):\n    self.api.delete_server(self.kept)\n\n",
        "type(self).kept = server['id']\nself.end()",
    ),
    "list of the class": (
        "",
        "kept = []\n\ndef tearDown(self):\n    while self.kept:\n"
        "        self.api.delete_server(self.kept.pop())\n    super().tearDown()\n\n",
        "self.kept.append(server['id'])",
    ),
    "address that is joined": (
        "",
        "",
        "self.api.api_delete('/'.join(['', 'servers', server['id']]))",
    ),
}
