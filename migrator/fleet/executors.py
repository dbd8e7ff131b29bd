"""Who carries out many jobs at once: any executor that speaks the protocol of concurrent.futures.

Usually threads of this process, each of which waits for a process (see isolation.py): a pool of
processes would break as a whole where one of them dies, and could not end a job.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module

from migrator.fleet.errors import EngineError, FleetError
from migrator.language import _

_DASK = {"dask://": "tcp://", "dask+tls://": "tls://"}
_SECONDS = 10  # to find a scheduler


@contextmanager
def engine(name: str, jobs: int) -> Iterator[Executor]:
    """The executor that a name means: "" for this machine, `dask://HOST:PORT`, `module:function`.

    The function is called with the number of jobs. Raises FleetError, EngineError.
    """
    scheme = next((one for one in _DASK if name.startswith(one)), None)
    if scheme is not None:
        with _dask(_DASK[scheme] + name.removeprefix(scheme)) as executor:
            yield executor
        return
    with _made(name, jobs) if name else ThreadPoolExecutor(jobs) as executor:
        yield executor


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        told = _("--executor dask://… needs the extra `dask`: pip install 'migrate-openai[dask]'")
        raise FleetError(told) from None
    try:
        client = Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        told = _("{address}: no scheduler answers ({reason})", address=address, reason=error)
        raise EngineError(told) from None
    # A job is carried out because it is asked for, not because another was the same.
    with client, client.get_executor(pure=False) as executor:
        yield executor


def _made(name: str, jobs: int) -> Executor:
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        told = _("--executor is dask://HOST:PORT or module:function, not {name!r}", name=name)
        raise FleetError(told)
    try:
        made = getattr(import_module(module), function)(jobs)
    except (ImportError, AttributeError) as error:
        raise FleetError(_("--executor {name}: {reason}", name=name, reason=error)) from None
    if not isinstance(made, Executor):
        told = _("--executor {name}: it gives no concurrent.futures.Executor", name=name)
        raise FleetError(told)
    return made
