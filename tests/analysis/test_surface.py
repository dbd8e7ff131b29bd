"""The catalogue of OpenAI's surface answers what the knowledge files say."""

from __future__ import annotations

import pytest

from migrator.analysis import surface
from migrator.knowledge.files import knowledge

OPENAI = knowledge("openai.yaml")
FRAMEWORKS = knowledge("frameworks.yaml")["frameworks"]
METHODS = [entry for entries in OPENAI["methods"]["areas"].values() for entry in entries]
SELF_TEST = OPENAI["models"]["self_test"]


# --- methods -----------------------------------------------------------------------------------


def test_all_479_method_paths_are_found() -> None:
    found = [surface.method(entry["path"]) for entry in METHODS]
    assert len(found) == 479
    for method, entry in zip(found, METHODS, strict=True):
        assert method is not None, entry["path"]
        assert method.route == entry.get("route")
        assert method.until == entry.get("until")
        assert method.positional == tuple(entry.get("positional", ()))


def test_a_request_method_in_full() -> None:
    assert surface.method("chat.completions.create") == surface.Method(
        path="chat.completions.create",
        route="/chat/completions",
        http="POST",
        kind="request",
        since=1,
        until=None,
        asynchronous="awaitable",
        streaming="stream_kwarg",
        returns="ChatCompletion | Stream[ChatCompletionChunk]",
        deprecated=None,
        area="chat",
    )


def test_a_helper_is_told_from_a_request() -> None:
    stream = surface.method("chat.completions.stream")
    assert stream and (stream.kind, stream.asynchronous) == ("helper", "async_context_manager")


def test_a_method_that_ended_in_1x_is_known() -> None:
    edits = surface.method("edits.create")
    assert edits and edits.until == 1 and edits.deprecated


@pytest.mark.parametrize("path", ["chat", "chat.completions.make", "create", "", "openai.chat"])
def test_what_is_no_method(path: str) -> None:
    assert surface.method(path) is None


def test_every_holder_of_a_method_is_a_resource() -> None:
    for path in OPENAI["methods"]["resource_classes"]:
        assert surface.is_resource(path), path


@pytest.mark.parametrize("path", ["chat.completions.create", "post", "chats", ""])
def test_what_is_no_resource(path: str) -> None:
    assert not surface.is_resource(path)


def test_raw_prefixes_and_deriving_methods() -> None:
    assert sorted(surface.RAW_PREFIXES) == ["with_raw_response", "with_streaming_response"]
    assert surface.deriving_methods() == {"copy", "with_options"}


# --- clients and the module --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("openai.OpenAI", "openai.OpenAI"),
        ("openai.Client", "openai.OpenAI"),
        ("openai._client.OpenAI", "openai.OpenAI"),
        ("openai.AsyncClient", "openai.AsyncOpenAI"),
        ("openai.lib.azure.AsyncAzureOpenAI", "openai.AsyncAzureOpenAI"),
        ("openai.lib.bedrock.BedrockOpenAI", "openai.BedrockOpenAI"),
    ],
)
def test_a_client_class_has_one_name_for_all_its_paths(path: str, name: str) -> None:
    found = surface.client_class(path)
    assert found and found.name == name
    assert found.asynchronous == name.startswith("openai.Async")
    assert found.azure == ("Azure" in name)
    assert found.bedrock == ("Bedrock" in name)
    assert "api_key" in found.parameters
    assert {"with_options", "copy", "close", "post"} <= set(found.client_methods)


@pytest.mark.parametrize("path", ["OpenAI", "langchain.OpenAI", "openai.OpenAIError", "openai"])
def test_what_is_no_client_class(path: str) -> None:
    assert surface.client_class(path) is None


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("langfuse.openai", "openai"),
        ("langfuse.openai.openai", "openai"),
        ("helicone.openai_proxy.openai", "openai"),
        ("langfuse", None),
        ("portkey_ai", None),
    ],
)
def test_drop_in_modules(path: str, target: str | None) -> None:
    assert surface.drop_in(path) == target


@pytest.mark.parametrize(
    ("name", "since", "until", "meaning"),
    [
        ("api_key", 0, None, "api_key"),
        ("api_base", 0, 0, "base_url"),
        ("base_url", 1, None, "base_url"),
        ("proxy", 0, 0, "other"),
        ("azure_endpoint", 1, None, "azure_endpoint"),
        ("requestssession", 0, 0, "other"),
    ],
)
def test_module_settings(name: str, since: int, until: int | None, meaning: str) -> None:
    found = surface.module_setting(name)
    assert found and (found.since, found.until, found.meaning) == (since, until, meaning)


def test_names_that_settle_nothing() -> None:
    assert surface.module_setting("ChatCompletion") is None
    assert surface.module_setting("version") is None


def test_a_star_import_binds_both_generations_but_no_resources() -> None:
    assert {"OpenAI", "ChatCompletion", "api_key", "NOT_GIVEN"} <= surface.star_names()
    assert not {"chat", "embeddings", "_client"} & surface.star_names()


# --- 0.x ---------------------------------------------------------------------------------------


def test_every_legacy_method_is_a_call() -> None:
    for entry in OPENAI["legacy"]["classes"]:
        found = surface.legacy_class(entry["class"])
        assert found and len(found.methods) == len(entry["methods"])
        for method in entry["methods"]:
            call = surface.legacy_call(f"{entry['class']}.{method['name']}")
            assert call and call.asynchronous == method.get("async", False)
            assert call.maps_to == method.get("maps_to")


@pytest.mark.parametrize(
    "path",
    [
        "ChatCompletion",
        "openai.ChatCompletion",
        "openai.api_resources.ChatCompletion",
        "openai.api_resources.chat_completion.ChatCompletion",
    ],
)
def test_a_legacy_class_by_all_its_paths(path: str) -> None:
    found = surface.legacy_class(path)
    assert found and found.name == "ChatCompletion"
    call = surface.legacy_call(f"{path}.acreate")
    assert call == surface.LegacyCall(
        "ChatCompletion.acreate", True, "chat.completions.create", False
    )


def test_legacy_helpers_that_send_and_those_that_do_not() -> None:
    sends = surface.legacy_call("embeddings_utils.aget_embedding")
    counts = surface.legacy_call("openai.embeddings_utils.cosine_similarity")
    assert sends and sends.asynchronous and sends.maps_to == "embeddings.create"
    assert counts and counts.maps_to is None


@pytest.mark.parametrize(
    "path", ["ChatCompletion.make", "Chat.create", "create", "", "OpenAI.create"]
)
def test_what_is_no_legacy_call(path: str) -> None:
    assert surface.legacy_call(path) is None


def test_modules_that_ended_with_0_28() -> None:
    assert surface.is_legacy_module("openai.error")
    assert surface.is_legacy_module("openai.api_resources.abstract.api_resource")
    assert not surface.is_legacy_module("openai.types")
    assert not surface.is_legacy_module("openai")


# --- exceptions and types ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("openai.RateLimitError", "openai.RateLimitError"),
        ("openai._exceptions.RateLimitError", "openai.RateLimitError"),
        ("openai.error.RateLimitError", "openai.error.RateLimitError"),
        ("openai.InvalidRequestError", "openai.error.InvalidRequestError"),
        ("openai.Timeout", None),
        ("openai.error", None),
        ("requests.RequestException", None),
    ],
)
def test_exceptions(path: str, canonical: str | None) -> None:
    assert surface.exception(path) == canonical


def test_what_became_of_a_legacy_exception() -> None:
    assert surface.exception_now("openai.error.Timeout") == "openai.APITimeoutError"
    assert surface.exception_now("openai.RateLimitError") is None


@pytest.mark.parametrize(
    "path",
    [
        "openai.types",
        "openai.types.chat.ChatCompletion",
        "openai.types.chat.chat_completion.Choice",
        "openai.resources.chat.completions.Completions",
        "openai.Stream",
        "openai.NOT_GIVEN",
        "openai._types.NotGiven",
        "openai.pydantic_function_tool",
        "openai.Timeout",
    ],
)
def test_types(path: str) -> None:
    assert surface.is_type(path)


@pytest.mark.parametrize(
    "path",
    ["openai", "openai.OpenAI", "openai.chat", "openai.typesetting", "openai.VERSION",
     "openai.RateLimitError", "openai.ChatCompletion", "types.ModuleType"],
)  # fmt: skip
def test_what_is_no_type(path: str) -> None:
    assert not surface.is_type(path)


# --- variables ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("OPENAI_API_KEY", "api_key"),
        ("OPENAI_APIKEY", "api_key"),
        ("OPENAI_KEY", "api_key"),
        ("OPENAI_TOKEN", "api_key"),
        ("OPENAI_SECRET_KEY", "api_key"),
        ("OPENAI_EMBED_API_KEY", "api_key"),
        ("AZURE_OPENAI_KEY", "api_key"),
        ("AZURE_OPENAI_AD_TOKEN", "api_key"),
        ("AZURE_OPENAI_EMBEDDING_KEY", "api_key"),
        ("AZUREOPENAIKEY", "api_key"),
        ("MAGENTIC_OPENAI_API_KEY", "api_key"),
        ("openai_api_key", "api_key"),
        ("AOAI_KEY", "api_key"),
        ("OPENAI_BASE_URL", "base_url"),
        ("OPENAI_API_BASE", "base_url"),
        ("OPENAI_EMBED_BASE_URL", "base_url"),
        ("OPENAI_API_URL", "base_url"),
        ("OPENAI_HOST", "base_url"),
        ("AZURE_OPENAI_ENDPOINT", "azure_endpoint"),
        ("AZURE_OPENAI_RESOURCE", "azure_endpoint"),
        ("AZURE_OPENAI_SERVICE", "azure_endpoint"),
        ("AZURE_OPENAI_EMBEDDING_ENDPOINT", "azure_endpoint"),
        ("AOAI_ENDPOINT", "azure_endpoint"),
        ("OPENAI_ORG_ID", "organization"),
        ("OPENAI_ORGANIZATION", "organization"),
        ("MYAPP_OPENAI_ORG", "organization"),
        ("OPENAI_PROJECT_ID", "project"),
        ("OPENAI_API_TYPE", "api_type"),
        ("AZURE_OPENAI_PREVIEW_API_VERSION", "api_version"),
        ("AZURE_OPENAI_API_VERSION", "api_version"),
        ("OPENAI_MODEL", "model"),
        ("OPENAI_MODEL_VERSION", "model"),
        ("AZURE_OPENAI_MODEL_NAME", "model"),
        ("AZURE_OPENAI_DEPLOYMENT_ID", "model"),
        ("AZURE_OPENAI_EMBEDDING_NAME", "model"),
        ("OPENAI_MAX_TOKENS", "other"),
        ("OPENAI_TOKEN_LIMIT", "other"),
        ("OPENAI_TEMPERATURE", "other"),
        ("OPENAI_PROXY", "other"),
        ("OPENAI_LOG", "other"),
        ("OPENAI_MONKEY", "other"),
        ("AZURE_OPENAI_SYSTEM_MESSAGE", "other"),
        ("USE_OPENAI_KEY", "other"),
        ("FLAG_AOAI", "other"),
    ],
)
def test_what_a_variable_means(name: str, meaning: str) -> None:
    found = surface.variable(name)
    assert found and found.meaning == meaning


@pytest.mark.parametrize(
    "name",
    ["API_KEY", "BASE_URL", "MODEL_NAME", "AZURE_SEARCH_KEY", "OPENAIR_KEY", "BOAI_KEY", "",
     "Set the OPENAI_API_KEY first", "sample-app-aoai-chatgpt", "ANTHROPIC_API_KEY",
     "OPENAI_COMPATIBLE_API_KEY", "OPENAI_LIKE_API_BASE", "LOCAL_OPENAI_ENDPOINT"],
)  # fmt: skip
def test_what_is_no_variable_of_openai(name: str) -> None:
    assert surface.variable(name) is None


def test_an_exact_name_is_told_from_one_by_rule() -> None:
    exact, ruled = surface.variable("OPENAI_API_KEY"), surface.variable("MY_OPENAI_API_KEY")
    assert exact and exact.exact
    assert ruled and not ruled.exact


# --- models ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SELF_TEST["match"])
def test_ids_that_match(text: str) -> None:
    found = surface.match_model(text, in_model_position=True)
    assert found and found.id == text


@pytest.mark.parametrize("text", SELF_TEST["no_match"])
def test_ids_that_do_not_match(text: str) -> None:
    assert surface.match_model(text, in_model_position=True) is None


def test_every_published_id_but_open_weights_matches_itself() -> None:
    for entry in OPENAI["models"]["ids"]:
        found = surface.match_model(entry["id"], in_model_position=True)
        if entry["status"] == "open_weights":
            assert found is None, entry["id"]
        else:
            assert found and found.known and found.base == found.id == entry["id"]


@pytest.mark.parametrize("text", ["o1", "o3", "ada", "davinci"])
def test_words_of_everyday_use_are_models_in_a_models_place_alone(text: str) -> None:
    assert surface.match_model(text, in_model_position=True)
    assert surface.match_model(text, in_model_position=False) is None


@pytest.mark.parametrize(
    ("text", "prefix", "model_id"),
    [
        ("openai/gpt-4o", "openai/", "gpt-4o"),
        ("openai:o1", "openai:", "o1"),
        ("openrouter/openai/gpt-4.1-mini", "openrouter/openai/", "gpt-4.1-mini"),
        ("azure/gpt-35-turbo", "azure/", "gpt-35-turbo"),
    ],
)
def test_a_provider_prefix_is_taken_off(text: str, prefix: str, model_id: str) -> None:
    found = surface.match_model(text, in_model_position=True)
    assert found and (found.prefix, found.id) == (prefix, model_id)


@pytest.mark.parametrize(
    "text", ["anthropic/gpt-4o", "azure/my-deployment", "gpt-4o " * 40, "gpt-4o\n"]
)
def test_what_a_prefix_or_its_rest_does_not_make_a_model(text: str) -> None:
    assert surface.match_model(text, in_model_position=True) is None


@pytest.mark.parametrize(
    ("text", "base", "kind", "reasoning"),
    [
        ("gpt-4o-2099-01-01", "gpt-4o", "chat", False),
        ("ft:gpt-4o-mini-2024-07-18:acme:bot:9xYz", "gpt-4o-mini-2024-07-18", "chat", False),
        ("o3-mini-2099-01-01", "o3-mini", "chat", True),
        ("o9-mini", "", "chat", True),
        ("gpt-9.9-turbo", "", "chat", False),
        ("sora-7", "", "video", False),
    ],
)
def test_an_id_that_is_not_published_goes_back_to_one_that_is(
    text: str, base: str, kind: str, reasoning: bool
) -> None:
    found = surface.match_model(text, in_model_position=True)
    assert found and not found.known
    assert (found.base, found.kind, found.reasoning) == (base, kind, reasoning)


def test_a_published_model() -> None:
    embedding = surface.model("text-embedding-3-large")
    reasoning = surface.model("o3")
    assert embedding and (embedding.kind, embedding.dimension) == ("embedding", 3072)
    assert reasoning and (reasoning.kind, reasoning.reasoning) == ("chat", True)
    assert surface.model("qwen-plus") is None


# --- frameworks and packages -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "framework", "role", "is_client"),
    [
        ("langchain_openai.ChatOpenAI", "langchain", "chat", True),
        ("langchain.chat_models.ChatOpenAI", "langchain", "chat", True),
        ("langchain_community.chat_models.openai.ChatOpenAI", "langchain", "chat", True),
        ("langchain.llms.OpenAI", "langchain", "completion", True),
        ("langchain_openai.AzureOpenAIEmbeddings", "langchain", "azure", True),
        ("langchain.chat_models.init_chat_model", "langchain", "factory", False),
        ("llama_index.llms.OpenAI", "llama_index", "chat", True),
        ("llama_index.llms.openai.OpenAI", "llama_index", "chat", True),
        ("llama_index.agent.OpenAIAgent", "llama_index", "chat", True),
        ("llama_index.llms.openai_like.OpenAILike", "llama_index", "compatible", False),
        ("agents.OpenAIProvider", "openai-agents", "client", True),
        ("instructor.from_openai", "instructor", "wrapper", False),
        ("litellm.acompletion", "litellm", "request", False),
        ("tiktoken.encoding_for_model", "tiktoken", "tokenizer", False),
    ],
)
def test_framework_classes(path: str, framework: str, role: str, is_client: bool) -> None:
    found = surface.framework_class(path)
    assert found and (found.framework, found.role, found.is_client) == (framework, role, is_client)


def test_every_framework_class_is_found_by_every_path() -> None:
    for framework in FRAMEWORKS:
        for entry in framework["classes"]:
            for module in entry["in"]:
                for name in entry["names"]:
                    assert surface.framework_class(f"{module}.{name}"), (module, name)


def test_the_arguments_of_a_framework_class_by_what_they_carry() -> None:
    found = surface.framework_class("langchain_openai.ChatOpenAI")
    assert found and found.model == ("model", "model_name")
    assert found.key == ("api_key", "openai_api_key")
    assert found.base_url == ("base_url", "openai_api_base")
    assert found.default_model == "gpt-3.5-turbo"
    agent = surface.framework_class("pydantic_ai.Agent")
    assert agent and agent.positional == ("model",)


@pytest.mark.parametrize("path", ["langchain.llms.Anthropic", "ChatOpenAI", "mine.ChatOpenAI"])
def test_what_is_no_framework_class(path: str) -> None:
    assert surface.framework_class(path) is None


@pytest.mark.parametrize(
    ("path", "name", "dedicated"),
    [
        ("langchain_openai", "langchain", True),
        ("langchain_openai.chat_models.base", "langchain", True),
        ("langchain.chat_models", "langchain", False),
        ("llama_index.llms.openai", "llama_index", True),
        ("llama_index.llms.openai_utils", "llama_index", True),
        ("llama_index.prompts", "llama_index", False),
        ("openai_function_call", "instructor", True),
        ("agents.models", "openai-agents", True),
    ],
)
def test_framework_modules(path: str, name: str, dedicated: bool) -> None:
    found = surface.framework_module(path)
    assert found and (found.name, found.dedicated) == (name, dedicated)


@pytest.mark.parametrize("path", ["openai", "langchain_text_splitters", "os", ""])
def test_what_is_no_framework_module(path: str) -> None:
    assert surface.framework_module(path) is None


@pytest.mark.parametrize(
    "name",
    ["openai", "OpenAI", "tiktoken", "langchain_openai", "langchain-openai", "openai-agents",
     "llama-index-llms-openai", "openai-function-call"],
)  # fmt: skip
def test_packages_of_openai(name: str) -> None:
    found = surface.package(name)
    assert found and found.dedicated


@pytest.mark.parametrize("name", ["langchain", "llama-index", "instructor", "litellm"])
def test_packages_of_many_providers_are_related_only(name: str) -> None:
    assert surface.package(name) is None
    assert surface.related_package(name)


@pytest.mark.parametrize("name", ["openai-whisper", "openai-clip", "requests", "langchain-core"])
def test_packages_that_are_not_openais(name: str) -> None:
    assert surface.package(name) is None
    assert surface.related_package(name) is None


# --- URLs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "role", "owner"),
    [
        ("https://api.openai.com", "base_url", "openai"),
        ("https://api.openai.com/v1", "base_url", "openai"),
        ("https://eu.api.openai.com/v1/", "base_url", "openai"),
        ("https://api.openai.com/v1/chat/completions", "url", "openai"),
        ("wss://api.openai.com/v1/realtime?model=m", "url", "openai"),
        ("api.openai.com", "host", "openai"),
        ("https://example.openai.azure.com/", "azure", "azure"),
        ("https://{resource}.openai.azure.com", "azure", "azure"),
        ("https://<resource name>.openai.azure.com/openai/deployments/d", "azure", "azure"),
        (".openai.azure.com", "azure", "azure"),
        ("https://x.cognitiveservices.azure.com/openai/v1", "azure", "azure"),
        ("https://x.cognitiveservices.azure.com/", None, "foreign"),
        ("{base}/openai/deployments/{name}/chat/completions", "azure", None),
        ("https://oai.helicone.ai/v1", None, "gateway"),
        ("https://platform.openai.com/docs", None, "foreign"),
        ("https://openai.com/pricing", None, "foreign"),
        ("https://api.example.com/openai/v1", None, "foreign"),
        ("https://api.openai.com.example.com/v1", None, "foreign"),
        ("http://localhost:8000/v1", None, "foreign"),
        ("could not reach https://api.openai.com/v1", None, None),
        ("openai.azure.com is the host", None, None),
        ("/v1", None, None),
        ("", None, None),
    ],
)
def test_urls(text: str, role: str | None, owner: str | None) -> None:
    assert surface.url_role(text) == role
    assert surface.endpoint_owner(text) == owner
    assert surface.is_foreign_url(text) == (owner in ("foreign", "gateway"))
