"""All files' facts -> Sites with provenance: solve the program, then read every site off it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from migrator.analysis import calls as semantics
from migrator.analysis import library, surface
from migrator.analysis.extract import (
    calls,
    clients,
    failures,
    models,
    module_settings,
    name_tests,
    names,
    patches,
    raw_http,
    results,
    rows,
    tables,
    variables,
)
from migrator.analysis.extract.calls import Request, Served
from migrator.analysis.extract.clients import Construction
from migrator.analysis.extract.evidence import Draft, Evidence
from migrator.analysis.extract.references import References
from migrator.analysis.identity import in_tests, site_id
from migrator.analysis.program import ModuleFacts
from migrator.analysis.resolver import Resolver
from migrator.analysis.sites import (
    CallFacts,
    Certainty,
    Destination,
    Kind,
    ModelFacts,
    Site,
    Step,
    VariableFacts,
)
from migrator.analysis.solver import Solver
from migrator.analysis.values import Client, External, Made
from migrator.language import _
from migrator.source import SourceText

_CODE_LENGTH = 200
_PROVEN = Certainty.PROVEN


def link(
    modules: list[ModuleFacts],
    sources: Mapping[str, SourceText],
    python_paths: Iterable[str],
    settings: Iterable[str] = (),
    *,
    traced: bool = False,
) -> list[Site]:
    """The sites of a program.

    `modules` are the files that were read, and the configuration that the program may load,
    `sources` their texts by path, `python_paths` every Python file of the repository (imports are
    resolved among them), `settings` those that Django's settings are in. `traced`: the sites'
    provenance tells every link (see tracing.py).
    """
    modules = sorted(modules, key=lambda facts: facts.path)
    resolver = Resolver(
        sorted(python_paths), surface.reserved_modules(), _named_after_packages(modules), settings
    )
    solver_class, evidence_class = _traced() if traced else (Solver, Evidence)
    solver = solver_class(modules, resolver, semantics.load, semantics.call)
    solver.solve()
    sites = _Linking(evidence_class(solver, sources)).sites()
    solver.release()
    return sites


def _traced() -> tuple[type[Solver], type[Evidence]]:
    from migrator.analysis.tracing import TracedEvidence, TracedSolver

    return TracedSolver, TracedEvidence


def _named_after_packages(modules: list[ModuleFacts]) -> set[str]:
    """Files like `llm/openai.py` that import the real openai, and so do not stand in for it."""
    found = set()
    for facts in modules:
        stem = facts.path.rpartition(".")[0]
        name = stem.rpartition("/")[2]
        if any(not one.level and one.module.split(".")[0] == name for one in facts.imports):
            found.add(stem)
    return found


class _Linking:
    """Registers drafts kind by kind, gives them ids, then fills in what they know of each other."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._made = clients.constructions(evidence)
        self._references = References(evidence)
        found = calls.requests(evidence)
        found += calls.handed_on(self._references, found)
        found += rows.rows(evidence, found)
        every = [*found, *raw_http.requests(evidence)]
        self._served = {id(one): calls.served_by(one, self._made) for one in every}
        self._foreign = module_settings.ForeignAddresses(evidence)
        self._senders: list[Construction] = []
        self._sends: dict[int, CallFacts] = {}
        self._ours: list[Request] = []
        self._theirs: list[Request] = []
        for one in every:
            ours = calls.is_ours(evidence, one, self._served[id(one)], self._made)
            if one.module_client and self._foreign.redirects(one.module):
                ours = False
            (self._ours if ours else self._theirs).append(one)

    def sites(self) -> list[Site]:
        evidence = self._evidence
        names.draft_imports(evidence)
        names.draft_dynamic_imports(evidence)
        clients.draft_clients(evidence, self._made)
        calls.draft_calls(evidence, self._ours)
        raw_http.draft_helpers(evidence, self._ours)
        reaches = self._reaches()
        model_drafts = models.draft_models(evidence, reaches)
        variable_drafts = variables.draft_variables(evidence, clients.access(evidence, self._made))
        names.draft_names(evidence)
        patches.draft_patches(evidence)
        tokenizers = names.draft_tokenizers(evidence)
        names.draft_settings(evidence, self._foreign)
        names.draft_addresses(evidence, raw_http.elsewhere(self._theirs))
        names.draft_packages(evidence)
        names.draft_code(evidence)
        ordered = self._identify()
        self._fill_calls(reaches, model_drafts)
        self._fill_models(reaches, model_drafts)
        self._fill_clients()
        self._fill_variables(variable_drafts)
        names.fill_tokenizers(evidence, tokenizers, model_drafts)
        failures.fill_exceptions(evidence)
        return [self._site(draft) for draft in ordered]

    def _reaches(self) -> dict[models.LiteralKey, models.Reach]:
        targets = []
        whose = {id(one): calls.whose(self._served[id(one)]) for one in self._theirs}
        for one in (*self._ours, *self._theirs):
            nodes = calls.argument_nodes(self._evidence, one, *one.model_names)
            targets.append((one.key, nodes, whose.get(id(one), models.Whose.OURS)))
        for made in self._made:
            nodes = clients.model_nodes(made, self._evidence)
            if nodes:
                targets.append((made.key, nodes, clients.whose(made)))
        return models.reaches_of(self._evidence, targets)

    # -- ids -----------------------------------------------------------------------------------

    def _identify(self) -> list[Draft]:
        evidence = self._evidence
        ordered = sorted(
            evidence.drafts.values(),
            key=lambda draft: (evidence.path(draft.module), draft.span, draft.kind.value),
        )
        seen: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
        for draft in ordered:
            path = evidence.path(draft.module)
            key = (path, draft.kind.value, draft.detail, self._code(draft))
            draft.id = site_id(*key, seen[key])
            seen[key] += 1
        return ordered

    def _code(self, draft: Draft) -> str:
        code = self._evidence.slice(draft.module, draft.span)
        return code if len(code) <= _CODE_LENGTH else code[:_CODE_LENGTH] + "…"

    def _site(self, draft: Draft) -> Site:
        facts = self._evidence.solver.modules[draft.module]
        path = facts.path
        return Site(
            draft.id,
            path,
            draft.span,
            Kind.CONFIG if facts.is_document else draft.kind,
            draft.detail,
            draft.certainty,
            in_tests(path),
            draft.provenance,
            self._code(draft),
            draft.facts,
        )

    # -- facts ---------------------------------------------------------------------------------

    def _fill_calls(
        self,
        reaches: dict[models.LiteralKey, models.Reach],
        drafts: dict[models.LiteralKey, Draft],
    ) -> None:
        models_of: defaultdict[object, list[str]] = defaultdict(list)
        for literal, reach in reaches.items():
            if literal in drafts:
                for key in reach.calls:
                    models_of[key].append(drafts[literal].id)
        facts: list[CallFacts] = []
        done = results.results(self._evidence, self._ours)
        for one in self._ours:
            served: Served = self._served[id(one)]
            known = tuple(sorted(models_of[one.key]))
            made = calls.call_facts(self._evidence, one, served, known, self._references)
            if made.sender:
                aims = calls.construction_of(one)
                clients.aim(self._evidence, aims)
                told = clients.client_facts(self._evidence, aims, (), (), None)
                made = replace(made, aims=told)
            if one.module_client:
                made = replace(made, foreign=(*made.foreign, *self._foreign.of(one.module)))
            if (found := done.get(one.key)) is not None:
                made = replace(
                    made,
                    reads=tuple(found.reads),
                    uses=tuple(found.uses),
                    comparisons=tuple(found.comparisons),
                )
            facts.append(made)
        facts += self._sent_by_clients(models_of)
        elsewhere = calls.argument_places(self._evidence, self._theirs)
        shared = calls.with_sharing(facts, elsewhere)
        for one, said in zip(self._ours, shared, strict=False):
            self._evidence.drafts[one.key].facts = said
        self._sends = dict(zip(map(id, self._senders), shared[len(self._ours) :], strict=True))

    def _sent_by_clients(self, models_of: Mapping[object, list[str]]) -> Iterator[CallFacts]:
        """What the clients of frameworks say in their requests."""
        held = calls.held_by_users(self._evidence)
        every = (
            calls.uses_of_made(self._evidence),
            clients.uses_by_takers(self._evidence, self._made),
        )
        for made in self._made:
            told = [
                use for uses in every for origin in made.origins for use in uses.get(origin, ())
            ]
            models = tuple(sorted(models_of.get(made.key, ())))
            if made.key in self._evidence.drafts:
                said = {feature for origin in made.origins for feature in held.get(origin, ())}
                sent = calls.sent_by_client(
                    self._evidence, made, told, models, self._references, said
                )
                if sent is not None:
                    self._senders.append(made)
                    yield sent

    def _fill_models(
        self,
        reaches: dict[models.LiteralKey, models.Reach],
        drafts: dict[models.LiteralKey, Draft],
    ) -> None:
        entries = tables.entries(self._evidence, drafts)
        traced = {
            literal: draft
            for literal, draft in drafts.items()
            if literal in reaches and reaches[literal].calls
        }
        tests = name_tests.name_tests(self._evidence, traced, drafts)
        proven = {one.id: one.detail for one in drafts.values() if one.certainty is _PROVEN}
        names_of = {default: name for name, default in self._variable_defaults().items()}
        for literal, draft in drafts.items():
            reach = reaches.get(literal)
            if not isinstance(draft.facts, ModelFacts):
                continue
            reached = tuple(
                self._evidence.drafts[key].id
                for key in (reach.calls if reach else ())
                if key in self._evidence.drafts
            )
            variable = names_of.get(draft.facts.literal, "")
            role = "default" if variable else draft.facts.role
            entry = entries.get(literal)
            put = [one for one in tests.get(literal, ()) if one.how == "member"]
            asked = [one for group in (entry, *put) if group is not None for one in group.asked]
            if draft.detail in map(proven.get, asked):
                draft.certainty = _PROVEN  # a name that is traced is looked up by it
            draft.facts = replace(
                draft.facts,
                reaches=reached,
                variable=variable,
                role=role,
                table=entry,
                tests=tests.get(literal, ()),
            )

    def _variable_defaults(self) -> dict[str, object]:
        found: dict[str, object] = dict(variables.field_defaults(self._evidence))
        for literal, default in variables.defaults(self._evidence).items():
            found[str(self._evidence.literal(literal).value)] = default
        return found

    def _fill_clients(self) -> None:
        served: defaultdict[int, list[str]] = defaultdict(list)
        for one in self._ours:
            for made in self._served[id(one)].ours:
                served[id(made)].append(self._evidence.drafts[one.key].id)
        escapes = self._escapes()
        for made in self._made:
            draft = self._evidence.drafts.get(made.key)
            if draft is not None:
                calls_served = tuple(dict.fromkeys(served[id(made)]))
                draft.facts = clients.client_facts(
                    self._evidence,
                    made,
                    calls_served,
                    tuple(escapes[id(made)]),
                    self._sends.get(id(made)),
                )

    def _escapes(self) -> defaultdict[int, list[Step]]:
        """Where a client is handed to code that is not in the repository."""
        by_origin = {origin: one for one in self._made for origin in one.origins}
        found: defaultdict[int, list[Step]] = defaultdict(list)
        evidence = self._evidence
        for (module, __), applications in evidence.solver.requests.items():
            for value, instance, given in applications.values():
                if not isinstance(value, External | Made) or _is_our_own(value.path):
                    continue
                if library.follows(value.path) or surface.is_wrapper(value.path):
                    continue
                known = surface.takes_clients(value.path)
                for item in given:
                    for client in evidence.solver.held(item.node, Client):
                        one = by_origin.get(client.origin) if client.origin else None
                        if known:
                            evidence.solver.layers[client.origin][value.path] = None
                        elif one is not None:
                            line = instance.record.span.line
                            step = Step(
                                evidence.path(module), line, _("handed to {path}", path=value.path)
                            )
                            if step not in found[id(one)]:
                                found[id(one)].append(step)
        return found

    def _fill_variables(self, drafts: dict[variables.LiteralKey, Draft]) -> None:
        evidence = self._evidence
        targets: list[tuple[str, list[int]]] = []
        elsewhere: list[tuple[str, list[int]]] = []
        perhaps: list[tuple[str, list[int]]] = []  # they are given a key of their own as well
        for made in self._made:
            draft = evidence.drafts.get(made.key)
            nodes = clients.argument_nodes(made, evidence, None)
            if draft is not None:
                targets.append((draft.id, nodes))
            elif made.destination is Destination.FOREIGN:
                told = perhaps if clients.has_own_key(evidence, made) else elsewhere
                told += [(one, nodes) for one in _addresses(made)]
        for one in self._ours:
            draft = evidence.drafts[one.key]
            if one.http is not None:
                targets.append((draft.id, one.http.nodes(evidence)))
            elif one.by_model is not None:
                aims = calls.construction_of(one)
                targets.append((draft.id, clients.argument_nodes(aims, evidence, None)))
        made_by = {origin: one for one in self._made for origin in one.origins}
        for value, name, module, statement, node in evidence.solver.setting_writes:
            if isinstance(value, Client) and value.origin in made_by and name in semantics.AIMS:
                client = evidence.drafts.get(made_by[value.origin].key)
                if client is not None:
                    targets.append((client.id, [node]))
            if isinstance(value, External) and value.path == "openai":
                span = evidence.solver.modules[module].statements[statement].span
                setting = evidence.drafts.get((module, Kind.MODULE_CONFIG, span))
                if setting is not None:
                    targets.append((setting.id, [node]))
                elif self._foreign.redirects(module):
                    elsewhere += [(one, [node]) for one in self._foreign.urls(module)]
        reached = variables.flows(evidence, targets)
        unsure = variables.flows(evidence, perhaps)
        alone = {one: urls for one, urls in unsure.items() if one not in reached}
        foreign = alone | variables.flows(evidence, elsewhere)
        fallbacks = variables.defaults(evidence)
        abroad = variables.given_abroad(evidence)
        for literal, draft in drafts.items():
            if isinstance(draft.facts, VariableFacts):
                known = draft.facts
                uses, renamable = (
                    variables.field_uses(evidence, known.name.value)
                    if known.field
                    else ((), known.renamable)
                )
                draft.facts = replace(
                    known,
                    reaches=reached.get(literal, ()),
                    foreign=foreign.get(literal, ()),
                    default=fallbacks.get(literal),
                    abroad=literal in abroad,
                    uses=uses,
                    renamable=renamable,
                )


def _addresses(made: clients.Construction) -> list[str]:
    """Where a client of another provider's sends its requests; "" where that is not written."""
    return [one.value for one in made.others] or [""]


def _is_our_own(path: str) -> bool:
    return path.split(".")[0] in {"openai", "builtins"}
