"""Variables in compose, CI, Docker, shell and other files: renamed with the code that reads them.

A line of these files names a variable (`OPENAI_API_KEY: …`), refers to one (`${OPENAI_API_KEY}`),
or both. Names and references are renamed together; a key's own value goes, as it must not be sent
to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from migrator.analysis import surface
from migrator.analysis.sites import Certainty, DocumentFacts, Site, Span
from migrator.edits import Edit, Instruction, ReplaceString, Splice
from migrator.language import _
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.planning.variables import BASE_URL, MOVING, Group, Variables
from migrator.source import SourceText

_CODEMOD = "configuration"
_ELSEWHERE = frozenset({"foreign", "gateway"})
# What is deployed by these is only told.
_TOLD = frozenset({"terraform"})
# How a value says that it is filled in, by what runs the file.
_FILLED = re.compile(r"[$%{<`]|os\.environ|\benv\b")
_NAME = re.compile(r"(?:%\(ENV_)?(?P<name>[A-Za-z_]\w*)")
_URL = re.compile(r"https?://[\w.:/-]+")
_STORED = re.compile(r"\b(?P<store>secrets|vars)\.(?P<name>[A-Za-z_]\w*)")
# A word that stands where a key does, in tests and examples: no secret, and nobody's.
_SHORTEST_KEY = 16
_DUMMY = re.compile(
    r"test|dummy|fake|your|xxx|example|placeholder|change|none|\.\.\.", re.IGNORECASE
)
_KEY = re.compile(r"(?:sk|sess)-[\w-]{20}")
_OWNER = re.compile(r"openai", re.IGNORECASE)


@dataclass
class _Done:
    """What was decided of earlier files' lines: by path and new name, the variable that has it.

    `kept` are the files that a framework reads by itself, whose models a person changes.
    """

    kept: frozenset[str]
    names: dict[tuple[str, str], str] = field(default_factory=dict)


def decide(context: Context, variables: Variables) -> None:
    """Plan the lines that set a variable or refer to one, of files that are no .env files."""
    done = _Done(
        frozenset(
            site.path
            for site in context.sites
            if isinstance(site.facts, DocumentFacts) and "framework" in dict(site.facts.extra)
            if site.id not in context.moved_documents
        )
    )
    for group in variables.groups.values():
        for site, facts in group.settings:
            if site.id not in context.moved_documents:
                _Line(context, variables, group, site, facts, done).decide()


def is_handed_over(context: Context, site: Site, facts: DocumentFacts) -> bool:
    """Whether another repository's action is given it: what that does with it is not known here."""
    action = dict(facts.extra).get("action")
    if action is None or not (context.moved_clients or context.moved_calls):
        return False
    why = _("`{action}` decides what it sends where", action=action)
    details = {"name": facts.name or site.detail, "action": action}
    context.hinder(site.id, item("action-input", site, why, (), details))
    return True


class _Line:
    """A place that names a variable."""

    def __init__(
        self,
        context: Context,
        variables: Variables,
        group: Group,
        site: Site,
        facts: DocumentFacts,
        done: _Done,
    ) -> None:
        self._context = context
        self._variables = variables
        self._group = group
        self._site = site
        self._facts = facts
        self._done = done
        self._source = context.sources.get(site.path)
        self._new = variables.new_name(group.name)

    def decide(self) -> None:
        """Rename, tell or leave."""
        group, variables = self._group, self._variables
        moving = bool(self._context.moved_clients or self._context.moved_calls)
        if is_handed_over(self._context, self._site, self._facts):
            return
        if dict(self._facts.extra).get("endpoint") in _ELSEWHERE:
            self._context.leave(self._site.id, _("it holds another provider's address"))
        elif not moving:
            why = _("nothing that reads it moves")
            self._hinder("setting-unmoved", why, name=self._facts.name or group.name)
        elif self._site.certainty is Certainty.LIKELY and not variables.used(group.name):
            self._hinder(
                "name-untraced", _("nothing was found that reads it"), name=self._facts.name
            )
        elif not variables.used(group.name):
            self._hinder("variable-waits", _("nothing that moves reads it"), name=group.name)
        elif group.meaning not in MOVING:
            why = _("what moves does not read it any more")
            self._hinder("variable-unused", why, name=group.name)
        elif self._site.path in self._done.kept:
            why = _(
                "the models in this file stay until a person changes them, and so does their key"
            )
            self._hinder("variable-shared", why, name=group.name, new=self._new)
        elif self._source is not None:
            self._move(self._source)

    def _move(self, source: SourceText) -> None:
        group, variables = self._group, self._variables
        if self._facts.format in _TOLD:
            why = _("what is deployed is a person's to plan")
            self._hinder("config-value", why, name=group.name, new=self._new)
        elif not variables.renamable(group.name) or variables.needed(group.name):
            self._stay()
        elif self._secret and self._renamed_secret is None:
            why = _("the secret `{secret}` holds a key of OpenAI's", secret=self._secret)
            how = _(
                "Make a secret with {meant} (`kubectl create secret generic …`), name it "
                "here, and call the variable `{new}`",
                meant=self._variables.meant(group.meaning),
                new=self._new,
            )
            self._hinder("config-secret", why, name=group.name, how=how)
        elif self._is_long:
            why = _("its value is written on several lines")
            self._hinder("config-value", why, name=group.name, new=self._new)
        elif self._is_taken(source):
            why = _("`{new}` stands in the file already", new=self._new)
            self._hinder("config-unused", why, name=group.name)
        else:
            if self._is_named(source):
                self._done.names[self._site.path, self._new] = group.name
            for span, instruction in self._changes(source):
                self._edit(span, instruction)
            self._tell(source)

    def _stay(self) -> None:
        """The name is kept, or both are needed."""
        group, variables = self._group, self._variables
        if variables.needed(group.name):
            own = variables.own_name(group.meaning)
            new = self._new if variables.renamable(group.name) else own
            why = _("what stays on OpenAI needs it; what moves reads `{new}`", new=new)
            self._hinder("variable-shared", why, name=group.name, new=new)
            return
        self._keep()

    def _keep(self) -> None:
        group = self._group
        self._new = group.name
        source = self._source
        for span, instruction in self._changes(source) if source is not None else ():
            self._edit(span, instruction)
        why = _("its name is kept, and what reads it now speaks to the provider")
        details = {
            "name": group.name,
            "provider": self._context.provider.name,
            "value": self._variables.meant(group.meaning),
        }
        kept = item("variable-kept", self._site, why, (), details)
        if self._site.id in self._context.edits:
            self._context.note(self._site.id, kept)
        else:
            self._context.hinder(self._site.id, kept)

    @property
    def _is_long(self) -> bool:
        value = self._facts.value_span
        return value is not None and value.line != value.end_line

    def _is_taken(self, source: SourceText) -> bool:
        """Whether the file has the new name for something else."""
        if not self._is_named(source) or self._new == self._group.name:
            return False
        other = self._done.names.get((self._site.path, self._new), self._group.name)
        key = re.compile(rf"\b{re.escape(self._new)}\b[\"']?[ \t]*[:=]")
        return other != self._group.name or key.search(source.text) is not None

    def _is_named(self, source: SourceText) -> bool:
        """Whether the line sets the variable, by its name."""
        name = self._facts.name_span
        return name is not None and source.slice(name) == self._group.name

    # -- what is written ------------------------------------------------------------------------

    def _changes(self, source: SourceText) -> Iterator[tuple[Span, Instruction]]:
        name, value = self._facts.name_span, self._facts.value_span
        if name is not None and self._is_named(source) and self._new != self._group.name:
            yield name, Splice(self._new)
        if value is None:
            return
        text = source.slice(value)
        start, _unused = source.bounds(value)
        if self._secret:
            if self._renamed_secret is not None:
                yield value, ReplaceString(self._renamed_secret)
            return
        if _FILLED.search(text) or text == self._group.name:
            yield from self._references(source, text, start)
        elif (literal := self._literal(text)) is not None:
            yield value, ReplaceString(literal)

    def _references(
        self, source: SourceText, text: str, start: int
    ) -> Iterator[tuple[Span, Instruction]]:
        """The variables that a value refers to, and an address that stands where none is set."""
        for found in _NAME.finditer(text):
            new = self._new_reference(found["name"])
            if new != found["name"]:
                first, last = found.span("name")
                yield source.span(start + first, start + last), Splice(new)
        for found in _URL.finditer(text):
            if surface.endpoint_owner(found[0]) == "openai" and self._group.meaning == BASE_URL:
                span = source.span(start + found.start(), start + found.end())
                yield span, Splice(self._context.base_url)

    def _new_reference(self, name: str) -> str:
        group = self._variables.groups.get(name) if name.isupper() else None
        if group is None or group.meaning not in MOVING or not self._variables.used(name):
            return name
        stays = self._variables.needed(name) or not self._variables.renamable(name)
        return name if stays else self._variables.new_name(name)

    def _literal(self, text: str) -> str | None:
        """What a value becomes that is written out; None where it can stay."""
        if self._group.meaning == BASE_URL:
            owner = surface.endpoint_owner(text)
            return self._context.base_url if owner in {"openai", "azure"} else None
        dummy = len(text) < _SHORTEST_KEY or _DUMMY.search(text) is not None
        kept = dummy and not (_OWNER.search(text) or _KEY.match(text))
        return None if not text or kept else ""

    # -- secrets --------------------------------------------------------------------------------

    @property
    def _secret(self) -> str:
        """The name of the secret that the value is a key of (Kubernetes)."""
        return dict(self._facts.extra).get("secret", "")

    @property
    def _renamed_secret(self) -> str | None:
        """The new key of the secret, where the old one is called as the variable is."""
        written = self._facts.value
        if written.replace("-", "_").replace(".", "_").upper() != self._group.name:
            return None
        new = self._new if written.isupper() else self._new.lower()
        return new.replace("_", "-") if "-" in written else new

    def _tell(self, source: SourceText) -> None:
        """Secrets that are kept outside the repository, and values that others hand in."""
        why = _("the old one holds a key of OpenAI's, which is of no use there")
        if self._secret:
            how = _(
                "Add the key `{renamed_secret}` to the secret `{secret}` (`kubectl edit "
                "secret`, or where the secret is made)",
                renamed_secret=self._renamed_secret,
                secret=self._secret,
            )
            details = {"name": str(self._renamed_secret), "how": how}
            self._context.note(self._site.id, item("config-secret", self._site, why, (), details))
        for found in _STORED.finditer(source.slice(self._facts.value_span or self._site.span)):
            new = self._new_reference(found["name"])
            if new == found["name"]:
                how = _(
                    "Set `{new}` to {meant}",
                    new=new,
                    meant=self._variables.meant(self._group.meaning),
                )
            else:
                how = _(
                    "{settings_page}: create `{new}`",
                    settings_page=_settings_page(found["store"]),
                    new=new,
                )
            details = {"name": new, "how": how}
            self._context.note(self._site.id, item("config-secret", self._site, why, (), details))

    def _edit(self, span: Span, instruction: Instruction) -> None:
        why = f"{self._group.name} -> {self._new}"
        edit = Edit(self._site.path, span, _CODEMOD, instruction, (self._site.id,), why)
        self._context.edit(edit)

    def _hinder(self, code: str, why: str, **details: object) -> None:
        self._context.hinder(self._site.id, item(code, self._site, why, (), details))


def _settings_page(store: str) -> str:
    tab = "Secrets" if store == "secrets" else "Variables"
    return _("On GitHub, Settings > Secrets and variables > Actions > {tab}", tab=tab)
