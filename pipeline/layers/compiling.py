"""Compiles the loops of JBIG2 with numba and writes their machine code to standard output.

A process of its own does this once; others run the code without numba, which would cost each of
them 100 MB and most of a second.
"""

import sys
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm  # type: ignore[import-untyped]  # it has no types
import msgspec
import numba
from numba import types

from pipeline.layers.arithmetic import code, decisions_of
from pipeline.layers.machinecode import MachineCode, agrees, run

_NUMBER = types.int64
_BITS, _BLOCKS, _BYTES, _INTS = map(
    types.CPointer, (types.int8, types.int64, types.uint8, types.int32)
)
_DECISIONS = _NUMBER(_BITS, _BLOCKS, _BITS, _NUMBER, _NUMBER, _INTS)
_CODE = _NUMBER(_INTS, _NUMBER, _INTS, _BITS, _BYTES, _NUMBER)
_ALONE = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _object_of(function: Callable[..., int], signature: object) -> llvm.ObjectFileRef:
    compiled: Any = numba.njit(signature, error_model="numpy", **_ALONE)(function)  # type: ignore[call-overload]  # two options that its stubs leave out
    (result,) = compiled.overloads.values()
    module = llvm.parse_assembly(result.library.get_llvm_str())
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(opt=3, reloc="pic", codemodel="small")
    return llvm.ObjectFileRef.from_data(machine.emit_object(module))


def _text_of(function: Callable[..., int], signature: object) -> bytes:
    """The one section of code, which refers to nothing outside it."""
    sections = {each.name(): each.data() for each in _object_of(function, signature).sections()}
    if b".rela.text" in sections:
        raise ValueError("not code that stands alone")
    return bytes(sections[b".text"])


def main() -> None:
    """Writes what was compiled, if it does the same as the loops themselves."""
    made = MachineCode(_text_of(decisions_of, _DECISIONS), _text_of(code, _CODE))
    if agrees(run(made)):
        sys.stdout.buffer.write(msgspec.msgpack.encode(made))


if __name__ == "__main__":
    main()
