"""What a person means by a name, and what is near to one that nobody knows."""

from __future__ import annotations

import pytest

from migrator.explaining.names import UnknownNameError, meant


@pytest.mark.parametrize(
    ("text", "section", "name"),
    [
        ("images.generate", "method", "images.generate"),
        ("client.images.generate(...)", "method", "images.generate"),
        ("self.client.images.generate", "method", "images.generate"),
        ("openai.images.generate", "method", "images.generate"),
        (
            "chat.completions.with_raw_response.create",
            "method",
            "chat.completions.with_raw_response.create",
        ),
        ("/images/edits", "method", "images.edit"),
        ("POST /v1/images/edits", "method", "images.edit"),
        ("https://api.openai.com/v1/audio/speech", "method", "audio.speech.create"),
        ("ChatCompletion.acreate", "legacy_call", "ChatCompletion.acreate"),
        ("openai.Image.create", "legacy_call", "Image.create"),
        (
            "embeddings_utils.get_embedding",
            "legacy_call",
            "embeddings_utils.get_embedding",
        ),
        ("AsyncOpenAI", "client", "openai.AsyncOpenAI"),
        ("openai.AzureOpenAI", "client", "openai.AzureOpenAI"),
        ("RateLimitError", "exception", "openai.RateLimitError"),
        ("openai.error.Timeout", "exception", "openai.error.Timeout"),
        ("ServiceUnavailableError", "exception", "openai.error.ServiceUnavailableError"),
        ("openai.api_key", "setting", "api_key"),
        ("openai.types.chat.ChatCompletion", "type", "openai.types.chat.ChatCompletion"),
        ("Stream", "type", "openai.Stream"),
    ],
)
def test_a_name_is_found(text: str, section: str, name: str) -> None:
    assert meant(text)[0] == (section, name)


def test_a_resource_stands_for_its_methods() -> None:
    found = meant("beta.threads")
    assert len(found) > 10
    assert all(name.startswith("beta.threads.") for _, name in found)


def test_a_class_of_old_stands_for_its_calls_too() -> None:
    found = meant("openai.Moderation")
    assert found[0] == ("legacy_class", "Moderation")
    assert ("legacy_call", "Moderation.acreate") in found


def test_a_url_with_several_methods_stands_for_all() -> None:
    names = [name for _, name in meant("/files/{file_id}")]
    assert {"files.retrieve", "files.delete"} <= set(names)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("imges.generate", "images.generate"),
        ("chat.completion.create", "chat.completions.create"),
        ("RateLimitErorr", "RateLimitError"),
    ],
)
def test_an_unknown_name_is_told_with_what_is_near(text: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean") as error:
        meant(text)
    assert near in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize("text", ["", " ", "()", "/", "zzzzzz", "/v1/nothing/of/the/kind"])
def test_nonsense_is_refused_without_a_guess(text: str) -> None:
    with pytest.raises(UnknownNameError):
        meant(text)
