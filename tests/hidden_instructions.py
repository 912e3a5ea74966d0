"""Answers the question "which instructions have you?" for a copy of onnxruntime, leaving out what is to be hidden.

``tests.instruction_sets`` puts this file beside that copy, in which every ``cpuid`` is an instruction that does not
exist: the processor hands it over, and gets the real answer less the bits in ``HEARSAY_HIDDEN``. Only for Linux on x86-64.
"""

import ctypes
import json
import mmap
import os
import signal
from collections.abc import Callable

# push rbx; mov eax, edi; mov ecx, esi; mov r8, rdx; cpuid; mov [r8], eax; mov [r8+4], ebx; mov [r8+8], ecx;
# mov [r8+12], edx; pop rbx; ret
_CPUID = bytes.fromhex("5389f889f14989d00fa24189004189580441894808418950 0c5bc3")
_RBX, _RDX, _RAX, _RCX, _RIP = 11, 12, 13, 14, 16
_REGISTERS_AT = 40
"""Where ``ucontext_t`` keeps the 23 general registers."""

Answer = tuple[int, int, int, int]
"""eax, ebx, ecx, edx."""


def real() -> Callable[[int, int], Answer]:
    """A function of leaf and subleaf that asks the processor."""
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(_CPUID)
    at = ctypes.addressof(ctypes.c_char.from_buffer(page))
    call = ctypes.CFUNCTYPE(None, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p)(at)

    def ask(leaf: int, subleaf: int) -> Answer:
        out = (ctypes.c_uint32 * 4)()
        call(leaf, subleaf, ctypes.addressof(out))
        eax, ebx, ecx, edx = out
        return eax, ebx, ecx, edx

    ask.page = page  # type: ignore[attr-defined]
    return ask


def install(hidden: dict[str, Answer]) -> Callable[..., None]:
    """Answers from now on without the bits of ``hidden``, by ``leaf.subleaf``; returns what must not be collected."""
    ask = real()

    def answer(_number: int, _info: int, context: int) -> None:
        registers = (ctypes.c_uint64 * 23).from_address(context + _REGISTERS_AT)
        leaf, subleaf = registers[_RAX] & 0xFFFFFFFF, registers[_RCX] & 0xFFFFFFFF
        without = hidden.get(f"{leaf}.{subleaf}", (0, 0, 0, 0))
        found = [has & ~hide for has, hide in zip(ask(leaf, subleaf), without, strict=True)]
        registers[_RAX], registers[_RBX], registers[_RCX], registers[_RDX] = found
        registers[_RIP] += 2

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(answer)
    # struct sigaction of glibc: the handler, 128 bytes of mask, the flags, a pointer that is glibc's own
    action = ctypes.create_string_buffer(8 + 128 + 8 + 8)
    ctypes.c_void_p.from_buffer(action).value = ctypes.cast(handler, ctypes.c_void_p).value
    ctypes.c_int.from_buffer(action, 136).value = 4 | 0x40000000  # SA_SIGINFO, SA_NODEFER
    if ctypes.CDLL(None, use_errno=True).sigaction(int(signal.SIGILL), action, None):
        raise OSError(ctypes.get_errno(), "the handler for illegal instructions could not be installed")
    return handler


if os.environ.get("HEARSAY_HIDDEN"):
    _kept = install({leaf: tuple(bits) for leaf, bits in json.loads(os.environ["HEARSAY_HIDDEN"]).items()})
