"""Work on what strangers wrote, in a process of its own: however it ends, ours goes on.

Such a process begins as a copy of one that has read trafilatura already (forkserver), and may
take only so much time, and so much memory beyond what it begins with.
"""

import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class TookTooMuch(Exception):
    """The work took more time or memory than it may."""


class Died(Exception):
    """The process of the work ended without an answer: killed, or broken by what it read."""


def run_apart(
    work: Callable[..., Answer], *given: Any, seconds: int = 60, megabytes: int = 50
) -> Answer:
    """Return what `work`, a function of a module, answers to what it is given.

    Raises what it raises, TookTooMuch or Died.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pypdf", "sources.warmed"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_answer, args=(theirs, work, given, seconds, megabytes), daemon=True
    )
    process.start()
    theirs.close()
    try:
        is_done, answer = _received(ours, seconds)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    if is_done:
        return answer  # type: ignore[no-any-return]
    raise answer


def _received(ours: Connection, seconds: int) -> tuple[bool, Any]:
    try:
        if not ours.poll(seconds):
            raise TookTooMuch(f"more than {seconds} seconds")
        return ours.recv()  # type: ignore[no-any-return]
    except EOFError:
        raise Died from None


def _answer(
    theirs: Connection, work: Callable[..., Any], given: Any, seconds: int, megabytes: int
) -> None:
    # Who stops the worker means it to end its task; we kill this process when it is of no use.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 5))
    most = _mapped() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        answer = True, work(*given)
    except (MemoryError, SystemError):  # some code in C knows no word for what it lacks
        answer = False, TookTooMuch(f"more than {megabytes} MB")
    except Exception as error:
        answer = False, error
    theirs.send(answer)


def _mapped() -> int:
    """Return how many bytes of memory this process has in its address space."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
