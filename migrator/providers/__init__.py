"""Providers: who serves what OpenAI serves, under what names, with what limits, by which source."""

from migrator.providers.errors import ProfileError, RetiredModelError, UnknownProviderError
from migrator.providers.loading import (
    FOLDER,
    checked,
    gateway_provider,
    known_ids,
    load_provider,
    provider_ids,
    read_profile,
)
from migrator.providers.parameters import Parameter
from migrator.providers.provider import NO_COUNTERPART, Provider
from migrator.providers.records import (
    AnswerField,
    ErrorCode,
    Fact,
    Model,
    ModelChoice,
    Native,
    Offer,
    Pairs,
    Price,
    Region,
    Rule,
    ThinkingSwitch,
)

__all__ = [
    "FOLDER",
    "NO_COUNTERPART",
    "AnswerField",
    "ErrorCode",
    "Fact",
    "Model",
    "ModelChoice",
    "Native",
    "Offer",
    "Pairs",
    "Parameter",
    "Price",
    "ProfileError",
    "Provider",
    "Region",
    "RetiredModelError",
    "Rule",
    "ThinkingSwitch",
    "UnknownProviderError",
    "checked",
    "gateway_provider",
    "known_ids",
    "load_provider",
    "provider_ids",
    "read_profile",
]
