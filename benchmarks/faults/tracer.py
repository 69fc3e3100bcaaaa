"""Stops a program at any system call that changes files under a folder; kills it there, or makes it fail.

As `strace -f -e inject=…` does, but with one count over all threads and processes, and only of calls
on files of that folder: point N is the same moment in every run. Linux on x86-64; needs no privilege.
"""

import ctypes
import errno
import os
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
_libc.ptrace.restype = ctypes.c_long

_TRACEME, _CONT, _GETREGS, _SETREGS, _SETOPTIONS = 0, 7, 12, 13, 0x4200
_FORK, _VFORK, _CLONE, _EXEC, _SECCOMP = 1, 2, 3, 4, 7
_OPTIONS = 0x02 | 0x04 | 0x08 | 0x80 | 0x100000  # fork, vfork, clone, seccomp, exitkill
_WALL = 0x40000000
_AT_FDCWD = 0xFFFFFF9C
_CREATES = os.O_CREAT | os.O_TRUNC
_REGISTERS = 27
_RAX, _RDX, _RSI, _RDI, _ORIG = 10, 12, 13, 14, 15
_LONGEST_PATH = 4096

BY_DESCRIPTOR = {
    1: "write",
    18: "pwrite64",
    20: "writev",
    296: "pwritev",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    285: "fallocate",
}
BY_PATH = {
    76: "truncate",
    82: "rename",
    83: "mkdir",
    84: "rmdir",
    85: "creat",
    86: "link",
    87: "unlink",
    88: "symlink",
}
BY_FOLDER_AND_PATH = {
    258: "mkdirat",
    263: "unlinkat",
    264: "renameat",
    265: "linkat",
    266: "symlinkat",
    316: "renameat2",
}
BY_SECOND_DESCRIPTOR = {40: "sendfile", 326: "copy_file_range"}
OPENS = {2: "open", 257: "openat"}
WRITES = frozenset(
    {"write", "pwrite64", "writev", "pwritev", "fallocate", "sendfile", "copy_file_range"}
)
SYNCS = frozenset({"fsync", "fdatasync"})
NAMES = frozenset({"rename", "renameat", "renameat2"})


@dataclass(frozen=True, slots=True)
class Call:
    """The `number`-th call (from 1) that changes something under the folder."""

    number: int
    name: str
    path: str


Decision = int | None
"""None: let it be. 0: kill -9, here. Otherwise the errno with which the call fails."""
Decide = Callable[[Call], Decision]


def _filter() -> bytes:
    """A seccomp program that stops at the calls above and lets all others run at full speed."""
    plain = [*BY_DESCRIPTOR, *BY_PATH, *BY_FOLDER_AND_PATH, *BY_SECOND_DESCRIPTOR]
    load, equal, anybit, give = 0x20, 0x15, 0x45, 0x06
    trace, allow = 0x7FF00000, 0x7FFF0000
    program: list[tuple[int, int, int, int]] = [(load, 0, 0, 0)]
    for number in plain:
        program += [(equal, 0, 1, number), (give, 0, 0, trace)]
    for number, argument in ((2, 1), (257, 2)):
        program += [
            (equal, 0, 4, number),
            (load, 0, 0, 16 + 8 * argument),
            (anybit, 0, 1, _CREATES),
            (give, 0, 0, trace),
            (give, 0, 0, allow),
        ]
    program.append((give, 0, 0, allow))
    return b"".join(struct.pack("HBBI", *one) for one in program)


def let_be_traced() -> None:
    """Called in the program to be traced, before its work; it stops until it is traced."""
    code = _filter()
    held = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(held)), 16
    )
    _libc.prctl(38, 1, 0, 0, 0)
    if _libc.prctl(22, 2, ctypes.c_void_p(ctypes.addressof(program)), 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    _libc.ptrace(_TRACEME, 0, None, None)
    os.kill(os.getpid(), signal.SIGSTOP)


def _linked(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 a string, a hundred thousand times
    except OSError:
        return ""


def _string(tid: int, address: int) -> str:
    try:
        with Path(f"/proc/{tid}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            return os.fsdecode(memory.read(_LONGEST_PATH).split(b"\0", 1)[0])
    except (OSError, OverflowError):
        return ""


def _at(tid: int, folder: int, address: int) -> str:
    path = _string(tid, address)
    if path.startswith("/"):
        return path
    descriptor = folder & 0xFFFFFFFF
    where = "cwd" if descriptor == _AT_FDCWD else f"fd/{descriptor}"
    return f"{_linked(f'/proc/{tid}/{where}')}/{path}"


def _what(tid: int, registers: ctypes.Array[ctypes.c_ulonglong]) -> tuple[str, str]:
    """Name and path of the call at which a thread stands."""
    number, first, second = registers[_ORIG], registers[_RDI], registers[_RSI]
    if number in BY_DESCRIPTOR:
        return BY_DESCRIPTOR[number], _linked(f"/proc/{tid}/fd/{first & 0xFFFFFFFF}")
    if number in BY_PATH:
        return BY_PATH[number], _at(tid, _AT_FDCWD, first)
    if number in BY_FOLDER_AND_PATH:
        return BY_FOLDER_AND_PATH[number], _at(tid, first, second)
    if number in BY_SECOND_DESCRIPTOR:
        other = first if number == min(BY_SECOND_DESCRIPTOR) else registers[_RDX]
        return BY_SECOND_DESCRIPTOR[number], _linked(f"/proc/{tid}/fd/{other & 0xFFFFFFFF}")
    where = (_AT_FDCWD, first) if OPENS.get(number) == "open" else (first, second)
    return OPENS.get(number, str(number)), _at(tid, *where)


class Tracer:
    """Traces one program and all that it starts, until all of it has ended."""

    def __init__(self, pid: int, folder: Path, decide: Decide) -> None:
        self._pid = pid
        self._folder = os.path.realpath(folder)
        self._decide = decide
        self._known = {pid}
        self._registers = (ctypes.c_ulonglong * _REGISTERS)()
        self.calls = 0
        self.killed = False
        self.code = 0

    def run(self) -> int:
        """The program's exit code, negative for a signal; its calls are decided one by one."""
        os.waitpid(self._pid, 0)
        _libc.ptrace(_SETOPTIONS, self._pid, None, _OPTIONS)
        self._go_on(self._pid)
        while True:
            try:
                tid, status = os.waitpid(-self._pid, _WALL)
            except ChildProcessError:
                return self.code
            self._stopped(tid, status)

    def _go_on(self, tid: int, sent: int = 0) -> None:
        _libc.ptrace(_CONT, tid, None, sent)

    def _stopped(self, tid: int, status: int) -> None:
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if tid == self._pid:
                self.code = os.waitstatus_to_exitcode(status)
            return
        event, sent = status >> 16, os.WSTOPSIG(status)
        if event == _SECCOMP:
            self._at_call(tid)
        elif event:
            self._go_on(tid)
        elif tid not in self._known and sent == signal.SIGSTOP:
            self._known.add(tid)
            self._go_on(tid)
        else:
            self._go_on(tid, 0 if sent == signal.SIGTRAP else sent)

    def _at_call(self, tid: int) -> None:
        address = ctypes.addressof(self._registers)
        if _libc.ptrace(_GETREGS, tid, None, address) < 0:
            return
        name, path = _what(tid, self._registers)
        if not self.killed and (path == self._folder or path.startswith(self._folder + "/")):
            self.calls += 1
            decision = self._decide(Call(self.calls, name, path[len(self._folder) + 1 :]))
            if decision == 0:
                self._kill(tid)
                return
            if decision:
                self._registers[_ORIG] = ctypes.c_ulonglong(-1).value
                self._registers[_RAX] = ctypes.c_ulonglong(-decision).value
                _libc.ptrace(_SETREGS, tid, None, address)
        self._go_on(tid)

    def _kill(self, tid: int) -> None:
        """The program and whatever process of it stands here; the others follow by themselves."""
        self.killed = True
        for victim in (self._pid, tid):
            try:
                os.kill(victim, signal.SIGKILL)
            except OSError as error:
                if error.errno != errno.ESRCH:
                    raise
