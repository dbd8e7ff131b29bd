"""A provider: the answers to what is asked of its profile."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from migrator.decisions import Source
from migrator.language import CHINESE, _, current, listed, marked
from migrator.providers.errors import ProfileError, RetiredModelError
from migrator.providers.parameters import Parameter, of_model, strictness
from migrator.providers.records import (
    AnswerField,
    DrawnEdits,
    Endpoint,
    ErrorCode,
    Fact,
    Model,
    ModelChoice,
    Named,
    Native,
    Offer,
    OwnModels,
    Price,
    Region,
    Rule,
    SingleVectors,
    ThinkingSwitch,
    Translation,
    Voices,
    any_matches,
)
from migrator.sdks import OwnSdk
from migrator.sdks import read as read_sdk

# Where a profile keeps the parameters of a request, by the beginning of its method's path.
_PARAMETERS = {
    "chat": "chat_parameters",
    "embeddings": "embeddings_parameters",
    "responses": "responses_parameters",
    "images.generate": "images_parameters",
    "images.edit": "edits_parameters",
    "audio.transcriptions": "transcription_parameters",
    "audio.translations": "translation_parameters",
    "audio.speech": "speech_parameters",
    "batches": "batches_parameters",
}
# Arguments of the openai SDK itself, which never reach the provider as parameters.
_SDK_ARGUMENTS = frozenset({"extra_headers", "extra_body", "extra_query", "timeout"})


def _of_id(table: Mapping[str, Any], model_id: str) -> Mapping[str, Any]:
    """What a table says of one model, or of every one."""
    return table.get(model_id) or table.get("default", table)  # type: ignore[no-any-return]


# What a retirement list says of an id that it gives no date for.
_GONE = {"never": marked("no real id"), "unknown": marked("not confirmed here")}
_OFF = marked("off since {since}")
# What a call may need of a model -> the field of Model that says so.
_NEEDS = {
    "vision": "vision",
    "image": "vision",
    "video": "video",
    "audio": "audio_in",
    "tools": "tools",
    "json_object": "json_object",
    "json_schema": "json_schema",
    "forced_tools": "tools",
}
# What a call may need that a rule of the profile decides.
_RULES_OF_NEEDS = {"n": "choices-model", "logprobs": "logprobs-model"}
_LONG_CONTEXT = 1_000_000
# The body of an error where a profile names no other.
_ERROR_BODY: Mapping[str, Any] = {
    "error": {
        "message": "{message}",
        "type": "invalid_request_error",
        "param": None,
        "code": "{code}",
    },
    "request_id": "{id}",
}
# What is said of an endpoint that the profile does not name.
NO_COUNTERPART = marked("nothing that is documented")
_NO_REMEDY = marked("Keep the call on OpenAI with a client of its own, or do without it")


@dataclass(frozen=True)
class Provider:
    """One provider's profile. Every answer carries its sources."""

    file: str
    data: Mapping[str, Any] = field(repr=False)

    # -- who it is -----------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def spelled(self) -> str:
        """What `--target` takes for it: the id, or the path of the user's file."""
        return str(self.data.get("spelled", self.id))

    @property
    def package(self) -> str:
        """The plug-in that brings it, "" where it comes with the tool or is the user's own file."""
        return str(self.data.get("package", ""))

    @property
    def name(self) -> str:
        """What it is called in the language that is used."""
        return (self.name_zh if current() == CHINESE else "") or self.name_en

    @property
    def name_en(self) -> str:
        return str(self.data["name"]["en"])

    @property
    def name_zh(self) -> str:
        return str(self.data["name"]["zh"])

    @property
    def aliases(self) -> tuple[str, ...]:
        return tuple(self.data["aliases"])

    @property
    def compiled(self) -> str:
        return str(self.data["compiled"])

    @property
    def key_variable(self) -> str:
        return str(self.data["key"]["variable"])

    @property
    def base_url_variable(self) -> str:
        return str(self.data["base_url"]["variable"])

    def beside_its_sdk(self) -> Provider:
        """The profile for code of which some goes by the provider's own SDK.

        The address of what does not is read from a variable that the SDK does not read.
        """
        own = self.sdk.base_url_variable if self.sdk is not None else ""
        address = self.data["base_url"]
        named = {**address, "variable": own or address["variable"]}
        return replace(self, data={**self.data, "base_url": named})

    @cached_property
    def key(self) -> Named:
        return self._named(self.data["key"])

    @property
    def key_format(self) -> str:
        """What the provider's keys look like, in words."""
        return str(self.data["key"].get("format", _("not documented")))

    @property
    def key_page(self) -> str:
        """Where a key is had."""
        return str(self.data["key"].get("get_it_at", ""))

    @property
    def variable_prefix(self) -> str:
        """What the provider's variables begin with (DASHSCOPE)."""
        return re.sub(r"(_API)?_(KEY|TOKEN)$", "", self.key_variable)

    def _named(self, entry: Mapping[str, Any]) -> Named:
        return Named(str(entry["variable"]), str(entry.get("detail", "")), self.cite(entry))

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {
            str(one["id"]): Source(str(one["url"]), str(one.get("title", "")), str(one["as_of"]))
            for one in self.data["sources"]
        }

    def cite(self, entry: Mapping[str, Any]) -> tuple[Source, ...]:
        """The sources of an entry, each with the date of the fact."""
        as_of = str(entry.get("as_of", ""))
        return tuple(
            Source(known.url, known.title, as_of or known.as_of)
            for name in entry.get("src", ())
            if (known := self._sources.get(name))
        )

    # -- regions -------------------------------------------------------------------------------

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        return tuple(
            Region(one["id"], one["name"], one["url"], one.get("detail", ""), self.cite(one))
            for one in self.data["regions"]
        )

    def region(self, region_id: str = "") -> Region:
        """The region of that id, or the default one. Raises ProfileError for an unknown id."""
        wanted = region_id or self.data["base_url"]["default_region"]
        for one in self.regions:
            if one.id == wanted:
                return one
        known = listed(one.id for one in self.regions)
        raise ProfileError(
            _(
                "{id} has no region {wanted!r}; choose one of: {known}",
                id=self.id,
                wanted=wanted,
                known=known,
            )
        )

    def base_url(self, region_id: str = "") -> str:
        return self.region(region_id).url

    def in_region(self, region_id: str = "") -> Provider:
        """The provider as one region has it: only the models that are served there."""
        here = self.region(region_id).id
        models = [one for one in self.data["models"] if here in one.get("regions", (here,))]
        return replace(self, data={**self.data, "models": models})

    # -- endpoints -----------------------------------------------------------------------------

    def endpoint(self, api: str) -> Endpoint:
        """What the profile says of a method path; support `unknown` where it says nothing."""
        best: tuple[int, Mapping[str, Any]] | None = None
        for entry in self.data["endpoints"]:
            for prefix in entry["apis"]:
                if (api == prefix or api.startswith(prefix + ".")) and (
                    best is None or len(prefix) > best[0]
                ):
                    best = (len(prefix), entry)
        if best is None:
            why = _("no source says that this endpoint exists")
            return Endpoint(api, "unknown", why, _(NO_COUNTERPART), (), remedy=_(_NO_REMEDY))
        entry = best[1]
        return Endpoint(
            api,
            entry["support"],
            str(entry.get("detail", "")),
            str(entry.get("counterpart", "")),
            self.cite(entry),
            str(entry.get("path", "")),
            str(entry.get("remedy", "")),
        )

    # -- parameters ----------------------------------------------------------------------------

    def parameter(
        self, api: str, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        """The verdict on a parameter of a call: of a chat call where the profile has no others.

        `models` are those that the call may use, the strictest of whose verdicts is given; `thinks`
        says whether one of them may think in it.
        """
        table = _PARAMETERS.get(self.family(api), "chat_parameters")
        return self._parameter(table, name, models, thinks=thinks)

    def family(self, api: str) -> str:
        """The kind of requests a method belongs to (`images.generate`); "" for one of none."""
        having = (one for one in _PARAMETERS if api == one or api.startswith(f"{one}."))
        return next(having, "")

    def names_parameter(self, api: str, name: str) -> bool:
        """Whether the profile says anything of a parameter of a call."""
        return name in self.parameter_names(_PARAMETERS.get(self.family(api), "chat_parameters"))

    @property
    def ignores_unknown(self) -> bool:
        """Whether a parameter that nobody names is known to have no effect, and to do no harm."""
        return "unknown_parameters" in self.data

    def parameter_families(self) -> tuple[str, ...]:
        """The kinds of requests whose parameters the profile knows: chat, embeddings."""
        return tuple(family for family, table in _PARAMETERS.items() if table in self.data)

    def parameters_of(self, family: str) -> tuple[str, ...]:
        """The names of the parameters the profile knows of a kind of requests."""
        return self.parameter_names(_PARAMETERS[family])

    def chat_parameter(
        self, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        return self._parameter("chat_parameters", name, models, thinks=thinks)

    def embeddings_parameter(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("embeddings_parameters", name, models)

    def responses_parameter(self, name: str) -> Parameter:
        return self._parameter("responses_parameters", name)

    def responses_tool(self, kind: str) -> Parameter:
        """The verdict on a tool of the Responses API, by its type."""
        entry = self.data.get("responses_tools", {}).get(kind)
        if entry is None:
            return Parameter(kind, "unknown", "reject", _("no source names this tool"))
        return self._parameter("responses_tools", kind)

    def responses_part(self, kind: str) -> Parameter:
        """The verdict on a part of a message's content in the Responses API, by its type."""
        return self._parameter("responses_content", kind)

    @property
    def has_responses(self) -> bool:
        """Whether the profile says what requests of the Responses API may hold."""
        return "responses_parameters" in self.data

    def role(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("roles", name, models)

    def content_part(self, name: str, models: Iterable[str] = ()) -> Parameter:
        return self._parameter("content", name, models)

    def _parameter(
        self, table: str, name: str, models: Iterable[str] = (), *, thinks: bool = False
    ) -> Parameter:
        entry = self.data.get(table, {}).get(name)
        if entry is None:
            known = name in _SDK_ARGUMENTS
            if known:
                return Parameter(
                    name, "supported", "keep", _("an argument of the openai SDK itself")
                )
            rule = self.data.get("undocumented", "drop")
            return Parameter(name, "unknown", rule, _("no source names this parameter"))
        asked = table, name, tuple(models), thinks
        if asked not in self._verdicts:
            said = [self._verdict(name, of_model(entry, one, thinks=thinks)) for one in asked[2]]
            strictest = max(said, key=strictness, default=None)
            self._verdicts[asked] = strictest or self._verdict(name, entry)
        return self._verdicts[asked]

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str, tuple[str, ...], bool], Parameter]:
        """What was asked already: many calls ask for the same."""
        return {}

    def _verdict(self, name: str, entry: Mapping[str, Any]) -> Parameter:
        return Parameter(
            name,
            entry["verdict"],
            entry.get("action", "keep"),
            str(entry.get("detail", "")),
            entry.get("name_there"),
            entry.get("value_there"),
            entry.get("default_here") or entry.get("write"),
            entry.get("minimum"),
            entry.get("maximum"),
            bool(entry.get("open_minimum")),
            bool(entry.get("open_maximum")),
            entry.get("nearest_minimum"),
            entry.get("nearest_maximum"),
            tuple(entry.get("values", ())),
            bool(entry.get("dispensable")),
            self.cite(entry),
            str(entry.get("matches", "")),
            str(entry.get("default_there", "")),
            tuple(entry.get("values_there", {}).items()),
            tuple(entry.get("idle", ())),
            entry.get("decimals"),
            entry.get("step"),
        )

    def parameter_names(self, table: str) -> tuple[str, ...]:
        return tuple(self.data.get(table, ()))

    # -- models --------------------------------------------------------------------------------

    @cached_property
    def _models(self) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for entry in self.data["models"]:
            for name in (entry["id"], *entry.get("snapshots", ())):
                found.setdefault(name, self._model(name, entry))
        return found

    def _model(self, name: str, entry: Mapping[str, Any]) -> Model:
        def known(key: str) -> bool | None:
            value = entry.get(key)
            return value if isinstance(value, bool) else None

        schema = known("json_schema")
        if entry["id"] in self.data["json_schema_models"]["ids"]:
            schema = True

        def price(key: str) -> Price | None:
            figures = entry.get(key)
            return (figures[0], figures[1]) if figures else None

        return Model(
            name,
            entry["kind"],
            entry.get("context"),
            entry.get("max_output"),
            known("vision"),
            known("video"),
            known("audio_in"),
            known("tools"),
            known("json_object"),
            schema,
            entry.get("thinking", "never"),
            bool(entry.get("thinking_default")),
            entry.get("thinking_default") == "unknown",
            bool(entry.get("stream_only")),
            tuple(entry.get("dimensions", ())),
            entry.get("default_dimension"),
            entry.get("max_batch"),
            str(entry.get("status", "unknown")),
            str(entry.get("note", "")),
            price("price_cny"),
            price("price_usd"),
            str(entry.get("price_note") or entry.get("price", "")),
            self.cite(entry),
        )

    def models(self) -> tuple[Model, ...]:
        return tuple(self._models.values())

    def model(self, model_id: str) -> Model | None:
        """A model that is served now; None for a retired or unknown id."""
        return self._models.get(model_id)

    @cached_property
    def own_models(self) -> OwnModels:
        """The ids that users give models of their own; no patterns where there are none."""
        entry = self.data.get("own_models") or {"patterns": (), "detail": ""}
        return OwnModels(tuple(entry["patterns"]), entry["detail"], self.cite(entry))

    def is_own_model(self, model_id: str) -> bool:
        """Whether an id is one that a user gave a model."""
        return any_matches(self.own_models.patterns, model_id)

    def retired(self, model_id: str) -> Fact | None:
        """Why an id may not be written any more, if it is on a retirement list."""
        for entry in self.data["retired"]:
            if any(fnmatch.fnmatchcase(model_id, pattern) for pattern in entry["ids"]):
                text = _(_GONE.get(entry["since"], _OFF), since=entry["since"])
                text = _("{text} ({confidence})", text=text, confidence=entry["confidence"])
                return Fact(text, self.cite(entry))
        return None

    def map_model(
        self,
        openai_id: str,
        needs: Iterable[str] = (),
        overrides: Mapping[str, str] | None = None,
    ) -> ModelChoice:
        """What an OpenAI model becomes for a call with these needs.

        `needs`: image, video, audio, tools, forced_tools, json_object, json_schema, n, logprobs,
        long_context, and either `plain` for a call that must not reason (with `unswitched` where
        it can't say so) or `reasoning` for one that has to. A user's own choice (`overrides`) is
        taken as it is, but for a retired model.
        Raises RetiredModelError.
        """
        if overrides and openai_id in overrides:
            chosen = overrides[openai_id]
            if gone := self.retired(chosen):
                raise RetiredModelError(
                    _(
                        "{model} can't become {chosen}: it is {text}; choose a current model "
                        "(migrate providers {spelled})",
                        model=openai_id,
                        chosen=chosen,
                        text=gone.text,
                        spelled=self.spelled,
                    )
                )
            return ModelChoice(openai_id, chosen, (), "chosen", _("your own choice"), ())
        entry = self._map_entry(openai_id)
        if entry is None:
            return ModelChoice(openai_id, None, (), "unknown", _("no source maps this model"), ())
        wanted = frozenset(needs)
        fallbacks = self.data["model_map_fallbacks"]["models"].get(entry["here"], ())
        every = (entry["here"], *entry["alternatives"], *fallbacks)
        options = [name for name in dict.fromkeys(every) if name]
        usable = [name for name in options if name in self._models]
        sources = self.cite(entry)
        fitting = [name for name in usable if self.lacks(name, wanted) == ()]
        if fitting and fitting[0] == entry["here"]:
            chosen, why = fitting[0], str(entry["why"])
        elif fitting:
            chosen = fitting[0]
            missing = listed(self.lacks(entry["here"], wanted)) or _("availability")
            why = _(
                "{here} lacks what the call needs ({missing}); {chosen} has it",
                here=entry["here"],
                missing=missing,
                chosen=chosen,
            )
        elif usable:
            # Nothing meets every need: what comes nearest, and the caller says what is missing.
            chosen = min(usable, key=lambda name: self._shortcomings(name, wanted))
            why = str(entry["why"])
        else:
            return ModelChoice(openai_id, None, (), entry["confidence"], str(entry["why"]), sources)
        others = tuple(name for name in usable if name != chosen)
        confidence = entry["confidence"] if chosen == entry["here"] else "inferred"
        return ModelChoice(openai_id, chosen, others, confidence, why, sources)

    def _map_entry(self, openai_id: str) -> Mapping[str, Any] | None:
        undated = re.sub(self.data["model_map_dates"]["pattern"], "", openai_id)
        for wanted in (openai_id, undated):
            for entry in self.data["model_map"]:
                if wanted in entry["openai"]:
                    return entry  # type: ignore[no-any-return]
        for entry in self.data["model_map"]:
            if any(
                "*" in pattern and fnmatch.fnmatchcase(openai_id, pattern)
                for pattern in entry["openai"]
            ):
                return entry  # type: ignore[no-any-return]
        return None

    def lacks(self, model_id: str, needs: Iterable[str]) -> tuple[str, ...]:
        """Which needs a model is not known to meet."""
        model = self._models.get(model_id)
        if model is None:
            return (_("a current model"),)
        missing = [
            need for need in sorted(needs) if need in _NEEDS and not getattr(model, _NEEDS[need])
        ]
        missing += [
            need
            for need, rule in _RULES_OF_NEEDS.items()
            if need in needs and rule in self.rules and self.rules[rule].concerns(model_id)
        ]
        if "long_context" in needs and (model.context or 0) < _LONG_CONTEXT:
            missing.append("long_context")
        if not {"plain", "forced_tools"}.isdisjoint(needs) and model.thinks:
            switch = self.thinking_off(model_id)
            if switch is None or switch.contested or switch.least:
                missing.append(_("a known way to switch thinking off"))
        if "unswitched" in needs and model.thinks:
            missing.append(_("answers without thinking where nothing switches it off"))
        if "reasoning" in needs:
            missing += self._lacks_while_thinking(model, needs)
        return tuple(missing)

    def _shortcomings(self, model_id: str, needs: Iterable[str]) -> tuple[int, int]:
        """How many needs a model is known not to meet, and how many it is not known to meet."""
        lacking = self.lacks(model_id, needs)
        model = self._models[model_id]
        open_ones = [
            one for one in lacking if one in _NEEDS and getattr(model, _NEEDS[one]) is None
        ]
        return len(lacking) - len(open_ones), len(lacking)

    def _lacks_while_thinking(self, model: Model, needs: Iterable[str]) -> list[str]:
        """What a model that has to reason can't do at the same time."""
        if model.thinking == "never":
            return ["reasoning"]
        rule = self.rules.get("json-while-thinking")
        json_fails = rule is not None and rule.concerns(model.id)
        wants_json = any(need.startswith("json") for need in needs)
        return [_("JSON while it reasons")] if json_fails and wants_json else []

    def thinking_off(self, model_id: str) -> ThinkingSwitch | None:
        """How to switch a model's thinking off, or what is the least of it.

        None where it does not think by default, and where nothing is known to do either.
        """
        model = self._models.get(model_id)
        if model is None or not model.thinks:
            return None
        switch = self.off_switch(model_id)
        return None if model.thinking == "always" and not switch.least else switch

    def thinking_on(self, model_id: str) -> ThinkingSwitch | None:
        """How to switch a model's thinking on; None where it thinks anyway or never can."""
        model = self._models.get(model_id)
        if model is None or model.thinking != "hybrid":
            return None
        if model.thinking_default and not model.default_unsaid:
            return None
        return self.on_switch(model_id)

    @property
    def thinking_room(self) -> int:
        """The smallest token limit that leaves room for thinking; 0 where nobody says."""
        return int(self.data["thinking"].get("room", 0))

    def off_switch(self, model_id: str) -> ThinkingSwitch:
        """What switches thinking off, whatever the model does by default."""
        return self._switch(_of_id(self.data["thinking"]["off"], model_id))

    def on_switch(self, model_id: str) -> ThinkingSwitch:
        """What switches thinking on, whatever the model does by default."""
        return self._switch(_of_id(self.data["thinking_on"], model_id))

    @cached_property
    def split_switch(self) -> ThinkingSwitch | None:
        """What keeps the thoughts of a model out of the text of its answers; None where no need."""
        entry = self.data.get("thinking_split")
        return self._switch(entry) if entry else None

    @cached_property
    def split(self) -> Fact:
        """Why thoughts have to be split off."""
        entry = self.data.get("thinking_split", {})
        return Fact(str(entry.get("detail", "")), self.cite(entry))

    def _switch(self, entry: Mapping[str, Any]) -> ThinkingSwitch:
        return ThinkingSwitch(
            tuple(entry.get("extra_body", {}).items()),
            tuple(entry.get("parameter", {}).items()),
            bool(entry.get("contested")),
            self.cite(entry),
            bool(entry.get("least")),
        )

    @property
    def efforts_off(self) -> frozenset[str]:
        """The values of reasoning_effort that switch thinking off."""
        return frozenset(self.data["thinking"].get("efforts_off", ()))

    def efforts(self, model_id: str) -> tuple[str, ...]:
        """The values of reasoning_effort that a model takes; none where it takes no such thing."""
        for entry in self.data["efforts"]:
            if any_matches(entry["models"], model_id):
                return tuple(entry["values"])
        return ()

    def embedding_dimensions(self, width: int | None, model_id: str) -> int | None:
        """The `dimensions=` that keeps vectors of a width; None where the model has none such."""
        model = self._models.get(model_id)
        if model is None or width is None:
            return None
        return width if width in model.dimensions else None

    # -- what is refused -----------------------------------------------------------------------

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """What the provider refuses, by rule id, in the order it is looked at."""
        return {
            one["id"]: Rule(
                one["id"],
                one["http"],
                one["code"],
                one["message"],
                tuple(one.get("models", ())),
                tuple(one.get("except_models", ())),
                tuple(one.get("values", ())),
                tuple(one.get("names", ())),
                one.get("minimum"),
                one.get("maximum"),
                self.cite(one),
                one.get("matches", ""),
                one.get("longest"),
            )
            for one in self.data["rules"]
        }

    @cached_property
    def own_parameters(self) -> frozenset[str]:
        """The provider's own request parameters, which stand in extra_body."""
        return frozenset(
            one["name"]
            for one in self.data["provider_parameters"]
            if one.get("pass_as") == "extra_body"
        )

    def serves(self, api: str, model: Model) -> bool:
        """Whether a model is reached through an endpoint (`chat.completions`, `embeddings`, …)."""
        modes = self.data["modes"]
        return model.kind in modes.get(api, ()) and not self.is_native(model.id)

    def speaks(self, model_id: str) -> bool:
        """Whether a model has the voices that are named."""
        return any_matches(self.voices.models, model_id)

    def has_endpoint(self, api: str) -> bool:
        """Whether a method is served at OpenAI's own path, at least in part."""
        return self.endpoint(api).support in {"yes", "partial"}

    def is_native(self, model_id: str) -> bool:
        """Whether no OpenAI-compatible endpoint reaches a model."""
        return any_matches(self.data["modes"]["native"], model_id)

    # -- facts to read -------------------------------------------------------------------------

    @cached_property
    def errors(self) -> tuple[ErrorCode, ...]:
        return tuple(
            ErrorCode(
                one["http"],
                one["code"],
                one["meaning"],
                one["exception"],
                self.cite(one),
                one.get("differs", False),
                one.get("kind", ""),
            )
            for one in self.data["errors"]
        )

    def answer_fields(self, api: str) -> tuple[AnswerField, ...]:
        """The parts of a method's answer that come otherwise than OpenAI's."""
        return tuple(
            AnswerField(
                tuple(one["field"].split(".")),
                one["state"],
                tuple(one.get("values", ())),
                one["detail"],
                self.cite(one),
                tuple(one.get("values_there", {}).items()),
            )
            for one in self.data["answers"]
            if any(api == prefix or api.startswith(prefix + ".") for prefix in one["apis"])
        )

    @cached_property
    def error_shape(self) -> Fact:
        return Fact(self.data["error_shape"]["detail"], self.cite(self.data["error_shape"]))

    @property
    def error_body(self) -> Mapping[str, Any]:
        """The body of an error, to fill in: {status}, {code} or {number}, {message}, {id}."""
        body: Mapping[str, Any] = self.data.get("error_shape", {}).get("body", _ERROR_BODY)
        return body

    @cached_property
    def quirks(self) -> tuple[Fact, ...]:
        return tuple(Fact(one["detail"], self.cite(one)) for one in self.data["quirks"])

    @cached_property
    def streams(self) -> Fact | None:
        """What differs in the events of a stream, for who reads them by hand; None where unsaid."""
        entry = self.data.get("streams")
        return Fact(entry["detail"], self.cite(entry)) if entry else None

    @property
    def usage_throughout(self) -> bool:
        """Whether every chunk of a stream carries the usage so far."""
        return str(self.data.get("streams", {}).get("usage")) == "every chunk"

    @cached_property
    def pictures(self) -> AnswerField | None:
        """Where an answer holds the pictures, if not in `data`."""
        entry = self.data.get("pictures")
        if not entry:
            return None
        return AnswerField((entry["field"],), "partial", (), entry["detail"], self.cite(entry))

    @cached_property
    def native(self) -> Native | None:
        """The provider's own interface; None where the profile names none."""
        entry = self.data.get("native")
        if not entry:
            return None
        return Native(
            entry["replaces"],
            entry["path"],
            entry["generation"],
            entry["detail"],
            self.cite(entry),
            entry.get("text_path", ""),
            entry.get("embeddings_path", ""),
            tuple(entry.get("chat_takes", ())),
            tuple(entry.get("embeddings_takes", ())),
            entry.get("codes", {}),
        )

    @cached_property
    def sdk(self) -> OwnSdk | None:
        """The SDK the provider publishes or recommends; None where the profile does not say."""
        entry = self.data.get("sdk")
        return read_sdk(entry, self.cite) if entry else None

    @cached_property
    def single_vectors(self) -> SingleVectors | None:
        """Where embeddings are made one by one; None where the endpoint of OpenAI's kind is."""
        entry = self.data.get("single_vectors")
        return SingleVectors(entry["path"], entry["detail"], self.cite(entry)) if entry else None

    @cached_property
    def drawn_edits(self) -> DrawnEdits | None:
        """How pictures are edited by what draws them; None where that is not so."""
        entry = self.data.get("drawn_edits")
        return DrawnEdits(entry["field"], entry["detail"], self.cite(entry)) if entry else None

    @cached_property
    def voices(self) -> Voices:
        """The voices of the provider's speech: none where the profile names none."""
        entry = self.data.get("voices") or {"table": {}, "names": (), "languages": (), "models": ()}
        return Voices(
            entry["table"],
            tuple(entry["names"]),
            tuple(entry["languages"]),
            tuple(entry["models"]),
            entry.get("longest", 0),
            entry.get("detail", ""),
            self.cite(entry),
            entry.get("spelled", "{voice}"),
        )

    @cached_property
    def translation(self) -> Translation | None:
        """How a text is translated; None where the profile does not say."""
        entry = self.data.get("translation")
        if not entry:
            return None
        sources = self.cite(entry)
        return Translation(
            entry["model"], entry["name_there"], entry["options"], entry["detail"], sources
        )

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """What is there for people who come from OpenAI."""
        return tuple(
            Offer(one["what"], one["kind"], str(one.get("detail", "")), self.cite(one))
            for one in self.data.get("offers", ())
        )

    @cached_property
    def vectors(self) -> Fact:
        return Fact(self.data["vectors"]["detail"], self.cite(self.data["vectors"]))

    @cached_property
    def thinking(self) -> Fact:
        return Fact(self.data["thinking"]["detail"], self.cite(self.data["thinking"]))
