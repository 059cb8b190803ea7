"""A tree seen as if some of its files held something else, and what is known of it still counts."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from fixtests.tree.files import Files
from fixtests.tree.module import Module
from fixtests.tree.test_files import Texts
from fixtests.tree.trail import Memory


class Changing(Files):
    """The files of one root, some of which may change for as long as a block runs."""

    def _begin(self) -> None:
        super()._begin()
        self._last: dict[str, Module] = {}  # by path, as the last block with other contents left it

    @contextlib.contextmanager
    def overlay(self, module: Module) -> Iterator[None]:
        """See the tree as if one file were changed already, for as long as the block runs.

        What is remembered holds on, but for what comes from a look at that file.
        """
        path = str(Path(module.path))
        before, memory = self._modules.get(path), self.memory
        self._modules[path] = module
        self.memory = Memory(self.trail, memory, self._bits_of([path]))
        try:
            yield
        finally:
            self._modules[path], self.memory = before, memory

    @contextlib.contextmanager
    def holding(self, contents: Mapping[Path, bytes]) -> Iterator[None]:
        """See the tree as if some files held something else, for as long as the block runs.

        What is remembered holds on, but for what comes from looks that tell something else then;
        what is learnt in the block is forgotten.
        """
        names = {str(path): content for path, content in contents.items()}
        texts, held, memories = self.texts, self.contents, self._memories
        modules = {name: self._modules.pop(name) for name in names if name in self._modules}
        for name, content in names.items():
            last = self._last.get(name)
            if last is not None and last.source.content == content:
                self._modules[name] = last
        self.texts = texts.instead(contents)
        changed = self._bits(texts, self.texts, names)
        self.contents = {**held, **contents}
        self._memories = {
            name: Memory(self.trail, memory, changed) for name, memory in memories.items()
        }
        self.memory = self._memories[self.fits]
        try:
            yield
        finally:
            self._leave(names)
            self._modules.update(modules)
            self.texts, self.contents, self._memories = texts, held, memories
            self.memory = memories.setdefault(self.fits, Memory(self.trail))

    def unparse(self, path: Path) -> None:
        """Forget what a file was parsed to; whoever asks for it parses it anew."""
        self._modules.pop(str(path), None)

    def told_apart(self, path: Path, old: bytes, new: bytes) -> int:
        """Return the set of looks that may tell whether a file holds one thing or another one."""
        before, after = (self.texts.instead({path: content}) for content in (old, new))
        return self._bits(before, after, [str(path)])

    def _bits(self, before: Texts, after: Texts, names: Collection[str]) -> int:
        """Return the set of looks that may tell whether some files hold one thing or another."""
        found = self._bits_of(names)
        for look in before.moved(after, names):
            found |= self.trail.bit(*look)
        return found

    def _bits_of(self, names: Iterable[str]) -> int:
        """Return the set of looks at what some files say."""
        found = 0
        for name in names:
            found |= self.trail.about(name)
        return found

    def _leave(self, names: Iterable[str]) -> None:
        """Let go of what some files held, but for their modules: the next block may need them."""
        for name in names:
            module, last = self._modules.pop(name, None), self._last.pop(name, None)
            if last is not None and last is not module:
                last.close()
            if module is not None:
                self._last[name] = module
            self._unsay(name)
