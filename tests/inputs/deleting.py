"""Every way to reach the method that deletes a server, and to keep what creating one returned."""
# ruff: noqa: E501 - a line of a table is a test

from __future__ import annotations

D, ID = "self.api.delete_server", "server['id']"
# Statements after `server = ...` that delete it; names of modules say what to import.
DELETES = {
    "bound to a name": f"delete = {D}\ndelete({ID})",
    "bound to a name before": "BEFORE delete = self.api.delete_server\ndelete(server['id'])",
    "bound to a name in a branch": f"delete = {D} if server else None\ndelete({ID})",
    "bound to two names": f"one = two = {D}\ntwo({ID})",
    "unpacked from a tuple": f"show, end = self.api.get_server, {D}\nend({ID})",
    "in a tuple": f"(self.api.get_server, {D})[1]({ID})",
    "in a list": f"ends = [{D}]\nends[0]({ID})",
    "in a dict": f"verbs = {{'end': {D}}}\nverbs['end']({ID})",
    "in a dict of the statement": f"{{'end': {D}}}['end']({ID})",
    "in a dict by get": f"verbs = {{'end': {D}}}\nverbs.get('end')({ID})",
    "in dict()": f"dict(end={D})['end']({ID})",
    "in a loop over methods": f"for call in (self.api.get_server, {D}):\n    call({ID})",
    "in a loop over pairs": f"for call, what in (({D}, {ID}),):\n    call(what)",
    "walrus": f"(end := {D})({ID})",
    "walrus in a condition": f"if end := {D}:\n    end({ID})",
    "methodcaller": f"operator.methodcaller('delete_server', {ID})(self.api)",
    "methodcaller by from": "BEFORE from operator import methodcaller\nmethodcaller('delete_server', server['id'])(self.api)",
    "methodcaller, name bound": f"name = 'delete_server'\noperator.methodcaller(name, {ID})(self.api)",
    "attrgetter": f"operator.attrgetter('delete_server')(self.api)({ID})",
    "attrgetter, dotted": f"operator.attrgetter('api.delete_server')(self)({ID})",
    "getattr": f"getattr(self.api, 'delete_server')({ID})",
    "getattr, name by %": f"getattr(self.api, '%s_server' % 'delete')({ID})",
    "getattr, name by +": f"getattr(self.api, 'delete' + '_server')({ID})",
    "getattr, name by f-string": f"verb = 'delete'\ngetattr(self.api, f'{{verb}}_server')({ID})",
    "getattr, name by format": f"getattr(self.api, '{{}}_server'.format('delete'))({ID})",
    "getattr, name by join": f"getattr(self.api, '_'.join(['delete', 'server']))({ID})",
    "getattr, name from a loop": (
        f"for verb in ('get', 'delete'):\n    getattr(self.api, verb + '_server')({ID})"
    ),
    "getattr, name from a constant": "HEAD VERB = 'delete'\ngetattr(self.api, VERB + '_server')(server['id'])",
    "getattr, name from a class constant": "MEMBER VERB = 'delete_server'\ngetattr(self.api, self.VERB)(server['id'])",
    "getattr, name of a lower": f"getattr(self.api, 'DELETE_SERVER'.lower())({ID})",
    "__getattribute__": f"self.api.__getattribute__('delete_server')({ID})",
    "method of the class": f"type(self.api).delete_server(self.api, {ID})",
    "method of vars": f"vars(type(self.api))['delete_server'](self.api, {ID})",
    "method of __class__": f"self.api.__class__.delete_server(self.api, {ID})",
    "inspect.getmembers": f"dict(inspect.getmembers(self.api))['delete_server']({ID})",
    "dir": f"[getattr(self.api, it)({ID}) for it in dir(self.api) if it == 'delete_server']",
    "Thread": f"it = threading.Thread(target={D}, args=({ID},))\nit.start()\nit.join()",
    "Thread, args in a list": f"it = threading.Thread(target={D}, args=[{ID}])\nit.start()\nit.join()",
    "Thread, kwargs": (
        f"it = threading.Thread(target={D}, kwargs={{'server_id': {ID}}})\nit.start()\nit.join()"
    ),
    "Thread, positional": f"it = threading.Thread(None, {D}, None, ({ID},))\nit.start()\nit.join()",
    "Thread, lambda": f"it = threading.Thread(target=lambda: {D}({ID}))\nit.start()\nit.join()",
    "Timer": f"it = threading.Timer(0, {D}, [{ID}])\nit.start()\nit.join()",
    "executor": (
        f"with futures.ThreadPoolExecutor() as pool:\n    pool.submit({D}, {ID}).result()"
    ),
    "executor, map": (
        f"with futures.ThreadPoolExecutor() as pool:\n    list(pool.map({D}, [{ID}]))"
    ),
    "partial": f"functools.partial({D}, {ID})()",
    "partial bound": f"end = functools.partial({D}, {ID})\nend()",
    "partial of the method": f"end = functools.partial({D})\nend({ID})",
    "partial by keyword": f"functools.partial({D}, server_id={ID})()",
    "partial of getattr": f"functools.partial(getattr, self.api)('delete_server')({ID})",
    "lambda": f"(lambda: {D}({ID}))()",
    "lambda bound": f"end = lambda it: {D}(it)  # noqa: E731\nend({ID})",
    "lambda of the method": f"end = lambda: {D}  # noqa: E731\nend()({ID})",
    "lambda default": f"end = lambda it, call={D}: call(it)  # noqa: E731\nend({ID})",
    "map": f"list(map({D}, [{ID}]))",
    "map over servers": f"list(map({D}, [it['id'] for it in [server]]))",
    "filter": f"list(filter({D}, [{ID}]))",
    "sorted key": f"sorted([{ID}], key={D})",
    "max key": f"max([{ID}], key={D})",
    "reduce": f"functools.reduce(lambda call, it: call(it), [{ID}], {D})",
    "starmap": f"list(itertools.starmap({D}, [({ID},)]))",
    "star arguments": f"{D}(*[{ID}])",
    "star arguments, named": f"{D}(**{{'server_id': {ID}}})",
    "comprehension": f"[call({ID}) for call in [{D}]]",
    "nested function": f"def end():\n    {D}({ID})\n\nend()",
    "nested function, method given": f"def end(call):\n    call({ID})\n\nend({D})",
    "nested function, default": f"def end(call={D}):\n    call({ID})\n\nend()",
    "nested function that returns it": f"def end():\n    return {D}\n\nend()({ID})",
    "nested function, closure": f"end = {D}\n\ndef run():\n    end({ID})\n\nrun()",
    "nested generator": f"def end():\n    yield {D}({ID})\n\nlist(end())",
    "nested class": f"class Kept:\n    end = staticmethod({D})\n\nKept.end({ID})",
    "nested class, method": (
        f"api = self.api\n\nclass Kept:\n    def __del__(self):\n        pass\n\n"
        f"    def end(self):\n        api.delete_server({ID})\n\nKept().end()"
    ),
    "decorator": (
        f"def ending(function):\n    {D}({ID})\n    return function\n\n"
        "@ending\ndef run():\n    pass"
    ),
    "decorator is the method": f"@(lambda it: {D}(it()))\ndef run():\n    return {ID}",
    "context manager": (
        f"@contextlib.contextmanager\ndef ending():\n    yield\n    {D}({ID})\n\n"
        "with ending():\n    pass"
    ),
    "ExitStack callback": f"with contextlib.ExitStack() as stack:\n    stack.callback({D}, {ID})",
    "ExitStack push": (
        f"with contextlib.ExitStack() as stack:\n    stack.push(lambda *_: {D}({ID}) and None)"
    ),
    "closing": (
        f"class Kept:\n    pass\n\nkept = Kept()\nkept.close = lambda: {D}({ID})\n"
        "with contextlib.closing(kept):\n    pass"
    ),
    "addCleanup of a name": f"end = {D}\nself.addCleanup(end, {ID})",
    "addCleanup with a star": f"self.addCleanup(*({D}, {ID}))",
    "addCleanup of a lambda": f"self.addCleanup(lambda: {D}({ID}))",
    "addCleanup of a partial": f"self.addCleanup(functools.partial({D}, {ID}))",
    "addCleanup of getattr": f"self.addCleanup(getattr(self.api, 'delete_server'), {ID})",
    "addCleanup of methodcaller": (
        f"self.addCleanup(operator.methodcaller('delete_server', {ID}), self.api)"
    ),
    "addCleanup by getattr": f"getattr(self, 'addCleanup')({D}, {ID})",
    "addCleanup bound": f"later = self.addCleanup\nlater({D}, {ID})",
    "addCleanup of a nested function": f"def end():\n    {D}({ID})\n\nself.addCleanup(end)",
    "addCleanup with a name": "MEMBER VERB = 'delete_server'\nself.addCleanup(getattr(self.api, self.VERB), server['id'])",
    "addCleanup in a loop": f"for call in ({D},):\n    self.addCleanup(call, {ID})",
    "enterContext": (
        f"@contextlib.contextmanager\ndef ending():\n    yield\n    {D}({ID})\n\n"
        "self.enterContext(ending())"
    ),
    "_cleanups": f"self._cleanups.append(({D}, ({ID},), {{}}))",
    "another client": f"other = self.admin_api\nend = other.delete_server\nend({ID})",
    "client in a tuple": f"for api in (self.api,):\n    end = api.delete_server\n    end({ID})",
    "client as an attribute": f"self.client = self.api\nself.client.delete_server({ID})",
    "client by vars": f"vars(self)['api'].delete_server({ID})",
    "client by getattr": f"getattr(self, 'api').delete_server({ID})",
    "client of the fixture": f"self.api_fixture.api.delete_server({ID})",
    "request": f"self.api.api_delete('/servers/%s' % {ID})",
    "request by method": f"self.api.api_request('/servers/' + {ID}, 'DELETE', expected=(204,))",
    "request, method in a name": (
        f"method = 'DEL' + 'ETE'\nself.api.api_request('/servers/' + {ID}, method, expected=(204,))"
    ),
    "request bound": f"end = self.api.api_delete\nend('/servers/' + {ID})",
    "urlopen": (
        "request.urlopen(request.Request(\n"
        f"    self.api.base_url + '/servers/' + {ID}, method='DELETE'))"
    ),
    "eval": "eval('self.api.delete_server')(server['id'])",
    "exec": "exec('self.api.delete_server(server[\"id\"])')",
    "all of a list": "for it in self.api.get_servers():\n    if it['id'] == server['id']:\n        self.api.delete_server(it['id'])",
    "all of a list, method bound": (
        "end = self.api.delete_server\n"
        "for it in [it for it in self.api.get_servers() if it['id'] == server['id']]:\n    end(it['id'])"
    ),
    "id from a copy": "end = self.api.delete_server\nkept = dict(server)\nend(kept['id'])",
    "id unpacked": "ids = [it['id'] for it in (server,)]\nlist(map(self.api.delete_server, ids))",
    "id of a class": "class Kept:\n    it = server\n\nself.api.delete_server(Kept.it['id'])",
    "id by match": "match server:\n    case {'id': found}:\n        self.api.delete_server(found)",
    "id by get": f"{D}(server.get('id'))",
    "id by itemgetter": f"{D}(operator.itemgetter('id')(server))",
    "id in a string": f"{D}('%(id)s' % server)",
    "id in a format": f"{D}('{{id}}'.format(**server))",
    "id by vars": "kept = {}\nkept.update(server)\nself.api.delete_server(kept['id'])",
    "id by locals": "self.api.delete_server(locals()['server']['id'])",
    "id by pop": f"{D}(dict(server).pop('id'))",
    "locked by dict()": f"self.api.post_server_action({ID}, dict(lock=None))",
    "locked by a name": f"action = 'lock'\nself.api.post_server_action({ID}, {{action: None}})",
    "locked by a dict bound": f"body = {{'lock': None}}\nself.api.post_server_action({ID}, body)",
    "locked by a method bound": f"act = self.api.post_server_action\nact({ID}, {{'lock': None}})",
    "locked by a request": f"self.api.api_post('/servers/%s/action' % {ID}, {{'lock': None}})",
    "locked by a dict of pairs": f"self.api.post_server_action({ID}, dict([('lock', None)]))",
    "tuple and dict given": f"call, given = {D}, {{'server_id': {ID}}}\ncall(**given)",
    "in try and finally": f"end = {D}\ntry:\n    self.assertTrue(server)\nfinally:\n    end({ID})",
    "stubbed and passed on": (
        f"with mock.patch.object(self.api, 'delete_server', wraps={D}) as end:\n    end({ID})"
    ),
    "wrapped by a mock": f"end = mock.Mock(side_effect={D})\nend({ID})",
    "asserted by assertIsNotNone": f"self.assertIsNotNone({D}({ID}))",
    "expected gone": (
        f"end = {D}\nend({ID})\nself.assertRaises(Exception, self.api.get_server, {ID})"
    ),
    "assertRaises of the second": f"end = {D}\nend({ID})\nself.assertRaises(Exception, end, {ID})",
}
# In setUp, a helper or a decorator of the class: set-up, other methods, statements of the test.
ELSEWHERE = {
    "kept in setUp": ("self.remove = self.api.delete_server", "", "self.remove(server['id'])"),
    "kept in setUp, in a dict": (
        "self.verbs = {'end': self.api.delete_server}",
        "",
        "self.verbs['end'](server['id'])",
    ),
    "kept in setUp, in a tuple": (
        "self.show, self.end = self.api.get_server, self.api.delete_server",
        "",
        "self.end(server['id'])",
    ),
    "kept in setUp, by setattr": (
        "setattr(self, 'end', self.api.delete_server)",
        "",
        "self.end(server['id'])",
    ),
    "kept in setUp, partial": (
        "self.end = functools.partial(self.api.delete_server)",
        "",
        "self.end(server['id'])",
    ),
    "kept in setUp, name": (
        "self.verb = 'delete_server'",
        "",
        "getattr(self.api, self.verb)(server['id'])",
    ),
    "kept in setUp, client": (
        "self.remover = self.api",
        "",
        "self.remover.delete_server(server['id'])",
    ),
    "helper that is given the name": (
        "",
        "def call(self, name, *given):\n    return getattr(self.api, name)(*given)\n",
        "self.call('delete_server', server['id'])",
    ),
    "helper that is given the verb": (
        "",
        "def call(self, verb, *given):\n    return getattr(self.api, verb + '_server')(*given)\n",
        "self.call('delete', server['id'])",
    ),
    "helper that is given the method": (
        "",
        "def call(self, method, *given):\n    return method(*given)\n",
        "self.call(self.api.delete_server, server['id'])",
    ),
    "helper that is given the id": (
        "",
        "def end(self, server_id):\n    delete = self.api.delete_server\n    delete(server_id)\n",
        "self.end(server['id'])",
    ),
    "helper that returns the method": (
        "",
        "def ending(self):\n    return self.api.delete_server\n",
        "self.ending()(server['id'])",
    ),
    "property": (
        "",
        "@property\ndef end(self):\n    return self.api.delete_server\n",
        "self.end(server['id'])",
    ),
    "helper bound": (
        "",
        "def end(self, it):\n    self.api.delete_server(it['id'])\n",
        "end = self.end\nend(server)",
    ),
    "helper in a loop": (
        "",
        "def end(self, it):\n    self.api.delete_server(it['id'])\n",
        "for step in (self.end,):\n    step(server)",
    ),
    "helper by getattr": (
        "",
        "def end(self, it):\n    self.api.delete_server(it['id'])\n",
        "getattr(self, 'e' + 'nd')(server)",
    ),
    "context manager of the class": (
        "",
        "@contextlib.contextmanager\ndef ending(self, server_id):\n    yield\n"
        "    end = self.api.delete_server\n    end(server_id)\n",
        "with self.ending(server['id']):\n    pass",
    ),
    "attribute, deleted in tearDown": (
        "",
        "def tearDown(self):\n    end = self.api.delete_server\n    end(self.kept['id'])\n"
        "    super().tearDown()\n",
        "self.kept = server",
    ),
    "list, emptied in tearDown": (
        "self.kept = []",
        "def tearDown(self):\n    list(map(self.api.delete_server, self.kept))\n"
        "    super().tearDown()\n",
        "self.kept.append(server['id'])",
    ),
    "list, emptied by doCleanups": (
        "self.kept = []",
        "def doCleanups(self):\n    for it in self.kept:\n"
        "        getattr(self.api, 'delete_server')(it)\n    return super().doCleanups()\n",
        "self.kept += [server['id']]",
    ),
    "emptied by a cleanup of setUp": (
        "self.kept = []\nself.addCleanup(lambda: list(map(self.api.delete_server, self.kept)))",
        "",
        "self.kept.append(server['id'])",
    ),
    "emptied, all there are": (
        "end = self.api.delete_server\nself.addCleanup(\n"
        "    lambda: [end(it['id']) for it in self.api.get_servers()\n"
        "             if not it['id'].startswith('other')])",
        "",
        "self.assertIsNotNone(server)",
    ),
    "table of names": (
        "",
        "ENDS = {'server': 'delete_server'}\n",
        "getattr(self.api, self.ENDS['server'])(server['id'])",
    ),
    "classmethod": (
        "",
        "@classmethod\ndef end(cls, api, it):\n    api.delete_server(it['id'])\n",
        "type(self).end(self.api, server)",
    ),
    "staticmethod given the client": (
        "",
        "@staticmethod\ndef end(api, name, it):\n    getattr(api, name)(it)\n",
        "self.end(self.api, 'delete_server', server['id'])",
    ),
    "partialmethod": (
        "",
        "def call(self, name, it):\n    getattr(self.api, name)(it)\n\n"
        "end = functools.partialmethod(call, 'delete_server')\n",
        "self.end(server['id'])",
    ),
}
# Right fixes that are thrown away, or creations that are not seen.
BINDINGS = {
    "attribute of an object": ("box.server = {}\nself.assertTrue(box.server)", "thrown away"),
    "attribute of a class": (
        "self.box.server = {}\nself.assertTrue(self.box.server)",
        "thrown away",
    ),
    "attribute of an attribute": ("self.a.b = {}\nself.assertTrue(self.a.b)", "thrown away"),
    "item of a dict": ("kept = {{}}\nkept['it'] = {}\nself.assertTrue(kept['it'])", "thrown away"),
    "item of a list": ("kept = [None]\nkept[0] = {}\nself.assertTrue(kept[0])", "thrown away"),
    "annotated": ("server: dict = {}\nself.assertTrue(server)", "not fixed"),
    "annotated attribute": ("self.server: dict = {}\nself.assertTrue(self.server)", "not fixed"),
    "walrus": ("self.assertTrue(server := {})", "not fixed"),
    "setattr": ("setattr(self, 'server', {})\nself.assertTrue(self.server)", "not fixed"),
    "tuple": ("server, other = {}, 1\nself.assertTrue(server)", "not fixed"),
    "semicolon": ("server = {}; self.assertTrue(server)", "thrown away"),
    "semicolon at the end": ("server = {};\nself.assertTrue(server)", "thrown away"),
    "one line": ("if self.api: server = {}", "thrown away"),
    "chained": ("server = self.server = {}\nself.assertTrue(server)", "thrown away"),
    "in brackets": ("server = ({})\nself.assertTrue(server)", "thrown away"),
    "backslash": ("server = \\\n    {}\nself.assertTrue(server)", "thrown away"),
    "with a comment": ("server = {}  # what is needed\nself.assertTrue(server)", "thrown away"),
    "with a string below": (
        "server = {}\n'''What it is.'''\nself.assertTrue(server)",
        "thrown away",
    ),
    "last line without an end": ("server = {}", "thrown away"),
    "last line with a comment without an end": ("server = {}  # here", "thrown away"),
    "last line and a form feed": ("server = {}\n\f", "thrown away"),
    "name bound again": ("server = {}\nserver = None\nself.assertIsNone(server)", "thrown away"),
    "global": ("global server\nserver = {}\nself.assertTrue(server)", "thrown away"),
}
