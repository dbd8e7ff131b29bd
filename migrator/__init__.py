"""Moves a Python codebase off the OpenAI API and onto a domestic model provider."""

__version__ = "0.1.0"
