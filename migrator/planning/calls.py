"""One moved call at work: its facts, the models chosen for it, the ways to plan and to say."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from migrator.analysis import surface
from migrator.analysis.sites import Argument, CallFacts, Site
from migrator.decisions import Source
from migrator.planning import models, syntax
from migrator.planning.arguments import ArgumentEdits
from migrator.planning.context import Context
from migrator.planning.messages import item
from migrator.providers import Fact, Model, Parameter, Provider


@dataclass(frozen=True)
class Call:
    """A call that moves."""

    context: Context
    edits: ArgumentEdits
    site: Site
    facts: CallFacts

    @property
    def provider(self) -> Provider:
        return self.context.provider

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(OpenAI model, what it becomes) of every name that reaches the call and moves."""
        every = models.models_of(self.context, self.facts)
        return [(old, new) for old, new in every if new is not None]

    @property
    def chosen(self) -> list[str]:
        """The models the call may use."""
        return list(dict.fromkeys(new for _, new in self.pairs))

    @property
    def targets(self) -> list[Model]:
        """What is known of the models the call may use."""
        return [known for new in self.chosen if (known := self.provider.model(new)) is not None]

    @property
    def reasons(self) -> bool:
        """Whether a model that reasons reaches the call, and so goes on reasoning."""
        return any(surface.is_reasoning(old) for old, _ in self.pairs)

    @property
    def thinks(self) -> bool:
        """Whether a model may think in the call: it goes on reasoning, or always does."""
        return self.reasons or any(model.thinking == "always" for model in self.targets)

    def chat_parameter(self, name: str) -> Parameter:
        """The provider's verdict on a parameter of chat, for the models of the call."""
        return self.provider.chat_parameter(name, self.chosen, thinks=self.thinks)

    def embeddings_parameter(self, name: str) -> Parameter:
        """The provider's verdict on a parameter of embeddings, for the models of the call."""
        return self.provider.embeddings_parameter(name, self.chosen)

    def expression(self, argument: Argument) -> ast.expr | None:
        """The syntax of what an argument is given; None where its file is not at hand."""
        source = self.context.sources.get(argument.place.path)
        return syntax.expression(source, argument.place.span) if source is not None else None

    def note(self, code: str, fact: Parameter | Fact, **details: object) -> None:
        """Something to know of the call, by a fact of the provider's."""
        why = fact.detail if isinstance(fact, Parameter) else fact.text
        self.say(code, why, fact.sources, **details)

    def say(self, code: str, why: str, sources: tuple[Source, ...] = (), **details: object) -> None:
        """Something to know of the call."""
        self.context.note(self.site.id, item(code, self.site, why, sources, details))

    def block(self, code: str, fact: Parameter, **details: object) -> None:
        """Something of the call that the provider refuses and that a person has to change."""
        told = item(code, self.site, fact.detail, fact.sources, details)
        self.context.hinder(self.site.id, told)
