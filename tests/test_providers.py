"""Profiles: complete, sourced, never pointing at a model that is gone; errors that name the key."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies

from migrator.knowledge.files import knowledge, read_yaml
from migrator.profiles import problems
from migrator.providers import (
    FOLDER,
    ProfileError,
    Provider,
    RetiredModelError,
    UnknownProviderError,
    load_provider,
    provider_ids,
    read_profile,
)

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
SURFACE = knowledge("openai.yaml")  # the catalogue's own source, every id and method of it
DATE = re.compile(r"20\d\d(-\d\d(-\d\d)?)?|unknown")
PROFILES = provider_ids()


def openai_ids() -> list[str]:
    return [entry["id"] for entry in SURFACE["models"]["ids"]]


@pytest.fixture(params=PROFILES)
def provider(request: pytest.FixtureRequest) -> Provider:
    return load_provider(request.param)


@pytest.fixture
def bailian() -> Provider:
    return load_provider("bailian")


def facts(node: Any, place: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every mapping of a profile that cites, with its key path."""
    found = []
    if isinstance(node, dict):
        if "src" in node:
            found.append((place, node))
        for key, value in node.items():
            found += facts(value, f"{place}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            found += facts(value, f"{place}[{index}]")
    return found


# -- every profile ----------------------------------------------------------------------------


def test_every_fact_has_sources_that_exist_and_a_date(provider: Provider) -> None:
    known = {entry["id"] for entry in provider.data["sources"]}
    found = facts(provider.data)
    assert len(found) > 100
    for place, fact in found:
        assert set(fact["src"]) <= known, place
        assert DATE.fullmatch(str(fact.get("as_of"))), place


def test_a_fact_without_a_source_says_unknown_or_none(provider: Provider) -> None:
    for table in ("chat_parameters", "embeddings_parameters", "roles", "content"):
        for name, entry in provider.data[table].items():
            assert entry["src"] or entry["verdict"] == "unknown", name


def test_every_openai_model_has_an_answer(provider: Provider) -> None:
    assert len(openai_ids()) == 233
    for openai_id in openai_ids():
        choice = provider.map_model(openai_id)
        assert choice.why, openai_id
        assert choice.why != "no source maps this model", openai_id
        assert choice.sources or choice.confidence == "unknown", openai_id


@pytest.mark.parametrize(
    "needs",
    [
        (),
        ("plain",),
        ("reasoning",),
        ("image", "tools"),
        ("json_schema", "plain"),
        ("json_object", "reasoning"),
        ("audio",),
        ("n", "logprobs", "forced_tools", "long_context"),
    ],
)
def test_no_answer_is_a_retired_or_unknown_model(
    provider: Provider, needs: tuple[str, ...]
) -> None:
    for openai_id in openai_ids():
        choice = provider.map_model(openai_id, needs)
        for name in (choice.model, *choice.alternatives):
            if name is not None:
                assert provider.model(name) is not None, (openai_id, name)
                assert provider.retired(name) is None, (openai_id, name)


def test_no_answer_is_a_model_that_is_only_hearsay(provider: Provider) -> None:
    unknown = provider.rules["unknown-model"]
    for openai_id in openai_ids():
        choice = provider.map_model(openai_id)
        for name in (choice.model, *choice.alternatives):
            assert name is None or not (unknown.models and unknown.concerns(name)), openai_id


def test_every_method_has_an_endpoint(provider: Provider) -> None:
    dumped = yaml.dump(SURFACE["methods"], Dumper=DUMPER, width=10**6)
    methods = re.findall(r"\bpath: ([\w.]+)", str(dumped))
    assert len(methods) >= 400
    for method in methods:
        endpoint = provider.endpoint(method)
        assert endpoint.support in ("yes", "partial", "no", "unknown")
        assert endpoint.detail or endpoint.support in ("yes", "partial"), method


def test_every_chat_parameter_of_the_sdk_has_a_verdict(provider: Provider) -> None:
    for name in CHAT_PARAMETERS:
        assert name in provider.parameter_names("chat_parameters"), name
        assert provider.chat_parameter(name).verdict


CHAT_PARAMETERS = (
    "audio",
    "frequency_penalty",
    "function_call",
    "functions",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "metadata",
    "modalities",
    "model",
    "moderation",
    "n",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "prompt_cache_key",
    "prompt_cache_options",
    "prompt_cache_retention",
    "reasoning_effort",
    "response_format",
    "safety_identifier",
    "seed",
    "service_tier",
    "stop",
    "store",
    "stream",
    "stream_options",
    "temperature",
    "tool_choice",
    "tools",
    "top_logprobs",
    "top_p",
    "user",
    "verbosity",
    "web_search_options",
)


# -- Bailian ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bailian", "dashscope", "Qwen", " tongyi ", "通义千问"])
def test_names_and_aliases_lead_to_it(name: str) -> None:
    assert load_provider(name).id == "bailian"


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("SiliconFlow", "siliconflow"),
        ("siliconcloud", "siliconflow"),
        ("硅基流动", "siliconflow"),
        ("MiniMax", "minimax"),
        ("稀宇", "minimax"),
        ("hailuo", "minimax"),
    ],
)
def test_names_and_aliases_of_others_lead_to_them(name: str, provider: str) -> None:
    assert load_provider(name).id == provider


@pytest.mark.parametrize(("name", "hint"), [("bialian", "bailian"), ("dashscop", "dashscope")])
def test_an_unknown_provider_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UnknownProviderError, match=f"did you mean {hint}"):
        load_provider(name)


def test_an_unknown_provider_lists_the_known() -> None:
    with pytest.raises(UnknownProviderError, match=r"known: .*bailian"):
        load_provider("zzz")


def test_keys_and_urls(bailian: Provider) -> None:
    assert bailian.key_variable == "DASHSCOPE_API_KEY"
    assert bailian.base_url_variable == "DASHSCOPE_BASE_URL"
    assert bailian.base_url() == "https://dashscope.aliyuncs.com/compatible-mode/v1"
    assert bailian.region("cn-beijing-workspace").needs_workspace
    assert "dashscope-intl" in bailian.base_url("ap-southeast-1")
    with pytest.raises(ProfileError, match="no region 'mars'; choose one of: cn-beijing"):
        bailian.base_url("mars")


@pytest.mark.parametrize(
    ("api", "support"),
    [
        ("chat.completions.create", "yes"),
        ("beta.chat.completions.parse", "yes"),
        ("chat.completions.list", "unknown"),
        ("embeddings.create", "yes"),
        ("responses.create", "partial"),
        ("responses.parse", "unknown"),
        ("moderations.create", "no"),
        ("audio.speech.create", "no"),
        ("beta.threads.runs.create_and_poll", "no"),
        ("fine_tuning.jobs.create", "no"),
        ("images.edit", "unknown"),
        ("with_options", "yes"),
        ("beta.agents.create", "unknown"),
        ("something.new", "unknown"),
    ],
)
def test_endpoints_by_the_longest_prefix(bailian: Provider, api: str, support: str) -> None:
    assert bailian.endpoint(api).support == support


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("user", "drop"),
        ("logit_bias", "drop"),
        ("verbosity", "drop"),
        ("functions", "reject"),
        ("temperature", "clamp"),
        ("seed", "clamp"),
        ("max_tokens", "keep"),
        ("tool_choice", "keep"),
        ("web_search_options", "extra_body"),
        ("never_heard_of", "drop"),
        ("timeout", "keep"),
        ("extra_body", "keep"),
    ],
)
def test_what_becomes_of_a_parameter(bailian: Provider, name: str, action: str) -> None:
    assert bailian.chat_parameter(name).action == action


@pytest.mark.parametrize(
    ("name", "value", "nearest"),
    [
        ("temperature", 2, 1.99),
        ("temperature", 3.5, 1.99),
        ("temperature", -1, 0),
        ("top_p", 0, 0.01),
        ("top_p", 1.5, 1),
        ("top_logprobs", 20, 5),
        ("seed", -5, 0),
    ],
)
def test_values_outside_a_range(bailian: Provider, name: str, value: float, nearest: float) -> None:
    parameter = bailian.chat_parameter(name)
    assert not parameter.accepts(value)
    assert parameter.nearest(value) == nearest
    assert parameter.accepts(nearest)


@pytest.mark.parametrize(
    ("models", "thinks", "action"),
    [
        ([], False, "clamp"),
        (["qwen-plus"], False, "clamp"),
        (["qwen3.8-max"], False, "keep"),
        (["qwen3.8-max"], True, "drop"),
        (["qwen3.8-max", "qwen-plus"], False, "clamp"),
        (["qwen3.8-max", "qwen-plus"], True, "drop"),
    ],
)
def test_a_parameter_may_be_another_by_model(
    bailian: Provider, models: list[str], thinks: bool, action: str
) -> None:
    data = copy.deepcopy(dict(bailian.data))
    data["chat_parameters"]["temperature"]["by_model"] = [
        {"models": ["qwen3.8-*"], "thinking": True, "action": "drop", "src": [], "as_of": 2026},
        {"models": ["qwen3.8-*"], "action": "keep", "src": [], "as_of": 2026},
    ]
    assert list(problems(data)) == []
    parameter = Provider("changed.yaml", data).chat_parameter("temperature", models, thinks=thinks)
    assert parameter.action == action


def test_the_developer_role_is_called_system(bailian: Provider) -> None:
    assert bailian.role("developer").name_there == "system"
    assert bailian.role("tool").verdict == "supported"
    assert bailian.role("narrator").verdict == "unknown"


@pytest.mark.parametrize(
    ("openai_id", "needs", "model"),
    [
        ("gpt-4o", (), "qwen3.7-plus"),
        ("gpt-4o-2024-08-06", (), "qwen3.7-plus"),
        ("gpt-4o-mini", ("image", "tools"), "qwen3.8-flash"),
        ("gpt-4o", ("json_schema", "plain"), "qwen-plus"),
        ("gpt-4o", ("json_schema", "image"), "qwen3.7-plus"),
        ("gpt-5.4-mini", (), "qwen3.6-flash"),
        ("gpt-5.5", (), "qwen3.7-max"),
        ("gpt-5.5", ("image",), "qwen3.8-max"),
        ("gpt-4.1-nano", ("image",), "qwen3.8-flash"),
        ("gpt-4.5-preview", ("plain",), "qwen3.7-plus"),
        ("o3", ("reasoning", "json_schema"), "qwen3.8-max"),
        ("o3", ("forced_tools",), "qwen-plus"),
        ("gpt-4-vision-preview", ("logprobs",), "qwen3-vl-plus"),
        ("text-embedding-ada-002", (), "text-embedding-v4"),
        ("text-embedding-3-large", (), "qwen3.7-text-embedding"),
        ("omni-moderation-latest", (), None),
        ("ft:gpt-4o-mini:acme::abc", (), None),
        ("not-a-model", (), None),
    ],
)
def test_what_a_model_becomes(
    bailian: Provider, openai_id: str, needs: tuple[str, ...], model: str | None
) -> None:
    assert bailian.map_model(openai_id, needs).model == model


def test_a_choice_away_from_the_official_row_is_not_called_official(bailian: Provider) -> None:
    assert bailian.map_model("gpt-5.5").confidence == "official"
    moved = bailian.map_model("gpt-5.5", ("image",))
    assert moved.confidence == "inferred"
    assert "qwen3.7-max lacks" in moved.why


def test_a_users_choice_is_taken_unless_it_is_gone(bailian: Provider) -> None:
    choice = bailian.map_model("gpt-4o", ("image",), {"gpt-4o": "my-deployment"})
    assert (choice.model, choice.confidence) == ("my-deployment", "chosen")
    with pytest.raises(RetiredModelError, match="qwen-max: it is off since 2026-07-13"):
        bailian.map_model("gpt-4o", (), {"gpt-4o": "qwen-max"})


@pytest.mark.parametrize("gone", ["qwen-max", "qwen-turbo", "qwen3-max", "qwen2-7b", "gte-rerank"])
def test_retired_models_are_known_to_be_gone(bailian: Provider, gone: str) -> None:
    assert bailian.model(gone) is None
    assert bailian.retired(gone) is not None


def test_thinking_switches(bailian: Provider) -> None:
    off = bailian.thinking_off("qwen3.7-plus")
    assert off is not None
    assert off.extra_body == (("enable_thinking", "False"),)
    assert off.sources
    effort = bailian.thinking_off("qwen4-max")
    assert effort is not None
    assert effort.parameters == (("reasoning_effort", '"none"'),)
    contested = bailian.thinking_off("qwen3.8-max")
    assert contested is not None
    assert contested.contested
    assert bailian.thinking_off("qwen-plus") is None
    assert bailian.thinking_off("qwen-mt-plus") is None
    on = bailian.thinking_on("qwen-plus")
    assert on is not None
    assert on.extra_body == (("enable_thinking", "True"),)
    assert bailian.thinking_on("qwen3.7-plus") is None


def test_reasoning_efforts_by_model(bailian: Provider) -> None:
    assert bailian.efforts("qwen3.8-max") == ("low", "medium", "xhigh")
    assert "none" in bailian.efforts("qwen4-max")
    assert bailian.efforts("qwen3.7-plus") == ()


@pytest.mark.parametrize(
    ("width", "model", "dimensions"),
    [
        (1536, "text-embedding-v4", 1536),
        (3072, "qwen3.7-text-embedding", None),
        (1536, "text-embedding-v3", None),
        (None, "text-embedding-v4", None),
        (1536, "qwen-plus", None),
    ],
)
def test_vectors_keep_their_width_where_they_can(
    bailian: Provider, width: int | None, model: str, dimensions: int | None
) -> None:
    assert bailian.embedding_dimensions(width, model) == dimensions


def test_an_endpoint_serves_its_kinds_of_model(bailian: Provider) -> None:
    def serves(api: str, name: str) -> bool:
        model = bailian.model(name)
        assert model is not None
        return bailian.serves(api, model)

    assert serves("chat.completions", "qwen-plus")
    assert not serves("chat.completions", "text-embedding-v4")
    assert not serves("chat.completions", "fun-asr")
    assert serves("images.generate", "qwen-image-3.0")
    assert not serves("images.generate", "qwen-image-2.0")


# -- broken profiles --------------------------------------------------------------------------

DATA = read_yaml(FOLDER / "bailian.yaml")


def broken(tmp_path: Path, change: Any) -> str:
    """The error of a profile after `change` was made to its data."""
    data = copy.deepcopy(DATA)
    change(data)
    path = tmp_path / "broken.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")  # is YAML
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda data: data.pop("key"), "key: is missing"),
        (lambda data: data.pop("rules"), "rules: is missing"),
        (lambda data: data.update(models={}), "models: must be a list"),
        (lambda data: data["models"][0].pop("kind"), "models[qwen4-max].kind: is missing"),
        (lambda data: data["regions"][0].pop("url"), "regions[cn-beijing].url: is missing"),
        (
            lambda data: data["chat_parameters"]["user"].update(verdict="maybe"),
            "chat_parameters.user.verdict: must be one of",
        ),
        (
            lambda data: data["chat_parameters"]["n"].update(action="guess"),
            "chat_parameters.n.action: must be one of",
        ),
        (
            lambda data: data["answers"][0].update(state="odd"),
            "answers[0].state: must be one of",
        ),
        (lambda data: data["answers"][0].pop("field"), "answers[0].field: is missing"),
        (lambda data: data["errors"][0].update(differs="yes"), "errors[0].differs: must be true"),
        (lambda data: data["chat_parameters"].update(n=3), "chat_parameters.n: must be a mapping"),
        (
            lambda data: data["chat_parameters"]["n"].update(by_model=[{"action": "drop"}]),
            "chat_parameters.n.by_model: must be a list of mappings, each with the list of its mod",
        ),
        (
            lambda data: data["models"][0].update(thinking="some"),
            "models[qwen4-max].thinking: must",
        ),
        (lambda data: data["models"][0].update(context="big"), "context: must be a whole number"),
        (lambda data: data["models"][0].update(tools=3), "models[qwen4-max].tools: must be true"),
        (lambda data: data["models"][0].pop("id"), "models[0].id: is missing"),
        (lambda data: data["models"][0].pop("src"), "models[qwen4-max].src: every fact needs"),
        (lambda data: data["key"].pop("variable"), "key.variable: is missing"),
        (
            lambda data: data["base_url"].update(default_region="mars"),
            "base_url.default_region: is not among the regions",
        ),
        (lambda data: data["models"][0].update(src=["nobody"]), "models[qwen4-max].src: no source"),
        (lambda data: data["models"][0].pop("as_of"), "models[qwen4-max].as_of: every fact needs"),
        (lambda data: data["rules"][0].pop("http"), "rules[foreign-key].http: is missing"),
        (
            lambda data: data["model_map"][0].update(here="qwen-max"),
            "model_map[0]: 'qwen-max' is not among the models",
        ),
    ],
)
def test_a_broken_profile_names_the_key(tmp_path: Path, change: Any, key: str) -> None:
    assert key in broken(tmp_path, change)


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The key paths of a profile: every key, and the first entries of every list."""
    inner = node.items() if isinstance(node, dict) else []
    if isinstance(node, list):
        inner = list(enumerate(node))[:2]
    return [place for key, value in inner for place in ((*at, key), *places(value, (*at, key)))]


@given(
    place=strategies.sampled_from(places(DATA)),
    junk=strategies.sampled_from([None, 3, "x", [], {}, [3], [[]], {"a": 3}]),
)
@settings(max_examples=100)
def test_a_profile_with_junk_in_it_is_refused_or_answers(place: tuple[Any, ...], junk: Any) -> None:
    data = copy.deepcopy(DATA)
    holder = data
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = junk
    if problem := next(problems(data), None):
        assert re.match(r".+: \S", problem), problem
        return
    provider = Provider("junk.yaml", data)
    assert provider.models()
    assert provider.region().url
    assert provider.key.name
    assert len(provider.errors) + len(provider.quirks) == len(data["errors"]) + len(data["quirks"])
    assert all(rule.id for rule in provider.rules.values())
    assert provider.map_model("gpt-4o", ("json_schema", "plain", "n")).why
    assert provider.endpoint("moderations.create").support
    for name in provider.parameter_names("chat_parameters"):
        provider.chat_parameter(name)


@pytest.mark.parametrize("text", ["", "- a list", "id: [", "\x00"])
def test_what_is_no_profile_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"broken\.yaml: "):
        read_profile(path)


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"nothing\.yaml"):
        read_profile(tmp_path / "nothing.yaml")
