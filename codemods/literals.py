"""String literals as source text: reading and writing them with the quotes they have."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_LITERAL = re.compile(r"""([A-Za-z]*)(\"{3}|'{3}|"|')(.*)\2""", re.DOTALL)
_CONTROL = {chr(code): f"\\x{code:02x}" for code in (*range(32), 127)} | {
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
}


@dataclass(frozen=True, slots=True)
class Literal:
    """The parts of a string literal's source."""

    prefix: str
    quote: str
    body: str

    @classmethod
    def read(cls, source: str) -> Literal:
        """Take a literal's source apart. Raises ValueError where it is none."""
        match = _LITERAL.fullmatch(source)
        if match is None:
            raise ValueError(f"not a string literal: {source}")
        return cls(*match.groups())

    @property
    def raw(self) -> bool:
        return "r" in self.prefix.lower()

    @property
    def formatted(self) -> bool:
        return "f" in self.prefix.lower()

    @property
    def binary(self) -> bool:
        return "b" in self.prefix.lower()

    @property
    def source(self) -> str:
        return f"{self.prefix}{self.quote}{self.body}{self.quote}"

    def escape(self, value: str) -> str:
        """The source that stands for `value` between this literal's quotes."""
        if self.formatted:
            value = value.replace("{", "{{").replace("}", "}}")
        if self.raw:
            return value
        value = value.replace("\\", "\\\\").replace(self.quote[0], "\\" + self.quote[0])
        kept = "\n\t" if len(self.quote) == 3 else ""
        return "".join(c if c in kept else _CONTROL.get(c, c) for c in value)

    def holding(self, value: str) -> Literal:
        """The literal with another value; a raw prefix goes where it cannot hold it."""
        plain = Literal("".join(c for c in self.prefix if c not in "fF"), self.quote, "")
        if plain.raw:
            raw = Literal(plain.prefix, self.quote, value)
            if _value(raw.source) == value:
                return raw
            plain = Literal("", self.quote, "")
        return Literal(plain.prefix, self.quote, plain.escape(value))

    def extended(self, value: str) -> Literal | None:
        """The literal with `value` after what it holds, or None where it cannot hold it."""
        longer = Literal(self.prefix, self.quote, self.body + self.escape(value))
        if self.raw and not self.formatted:
            before = _value(self.source)
            return (
                longer if before is not None and _value(longer.source) == before + value else None
            )
        if self.raw and (set(value) & {"\\", *self.quote}):
            return None
        return longer


def _value(source: str) -> str | None:
    try:
        value = ast.literal_eval(source)
    except (SyntaxError, ValueError):
        return None
    return value if isinstance(value, str) else None


def write(value: str, quote: str) -> str:
    """The source of a string in the given quotes, or in the other ones where that saves escapes."""
    other = "'" if quote == '"' else '"'
    chosen = other if quote in value and other not in value else quote
    return Literal("", chosen, "").holding(value).source
