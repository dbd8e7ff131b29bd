"""Clients in the tests reach this machine alone: none reads the hundred certificates of the web."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# A client reads them when it is made, which costs more than all that it is then asked for.
_VARIABLE = "SSL_CERT_FILE"
_END = "-----END CERTIFICATE-----\n"


# How long an example takes says what else the machine does.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    os.environ["MIGRATE_CACHE_DIR"] = ""  # no test goes by what another run kept
    paths = ssl.get_default_verify_paths()
    bundle = Path(os.environ.get(_VARIABLE) or paths.cafile or paths.openssl_cafile)
    certificate, end, others = _read(bundle).partition(_END)
    if not others.strip():
        return  # one or none: set by the process that this one is started by
    with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
        file.write(certificate[certificate.index("-----BEGIN") :] + end)
    os.environ[_VARIABLE] = file.name
    config.add_cleanup(Path(file.name).unlink)


def _read(bundle: Path) -> str:
    return bundle.read_text("utf-8") if bundle.is_file() else ""
