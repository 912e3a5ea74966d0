"""``python -m tests.instruction_sets``: the tests of language and extraction with fewer instructions than there are.

The language model must give the same labels on every x86-64 processor with AVX2. One machine can show that for others,
as far as its instructions can be hidden from onnxruntime, numpy and OpenBLAS: a line a set says which were shown, and
why another was not. onnxruntime asks the processor itself what it has, past every setting; so it gets a copy of
its package in a folder of its own in which the question is answered by ``tests.hidden_instructions``. What is installed is
left as it is. Whether it worked is measured, not believed (``_probe``).
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime

from pipelines.language.model import FOLDER, Model, Reading
from pipelines.language.tokens import english
from pipelines.language.windows import analysed
from tests.hidden_instructions import Answer, real

PROJECT = Path(__file__).resolve().parent.parent
TESTS = ("tests/language", "tests/extract", "tests/test_quality.py")

_ALL = 0xFFFFFFFF


def _bits(*places: int) -> int:
    return sum(1 << place for place in places)


# Intel's manual, volume 2A, CPUID: leaf 7 says in ebx AVX-512 F 16, DQ 17, IFMA 21, PF 26, ER 27, CD 28, BW 30, VL 31; in
# ecx VBMI 1, VBMI2 6, VNNI 11, BITALG 12, VPOPCNTDQ 14; in edx 4VNNIW 2, 4FMAPS 3, VP2INTERSECT 8, AMX 22, 24, 25, FP16 23.
# Its first subleaf has what came later, AVX-VNNI among it.
_LATER: Answer = (_ALL, _ALL, _ALL, _ALL)


@dataclass(frozen=True, slots=True)
class Level:
    """What a processor might have, and what must be hidden of a better one to see it."""

    name: str
    hidden: dict[str, Answer]
    unlike: tuple[str, ...]
    """Parts of the names of what numpy calls the instructions to hide."""
    openblas: str


WITHOUT_VNNI = Level(
    "AVX-512 without VNNI",
    {"7.0": (0, 0, _bits(11), _bits(2, 3, 22, 23, 24, 25)), "7.1": _LATER},
    ("VNNI", "CLX", "ICL", "SPR"),
    "SkylakeX",
)
WITHOUT_AVX512 = Level(
    "AVX2",
    {
        "7.0": (
            0,
            _bits(16, 17, 21, 26, 27, 28, 30, 31),
            _bits(1, 6, 11, 12, 14),
            _bits(2, 3, 8, 22, 23, 24, 25),
        ),
        "7.1": _LATER,
    },
    ("AVX512", "X86_V4"),
    "Haswell",
)
LEVELS = (WITHOUT_VNNI, WITHOUT_AVX512)


class CannotHideError(Exception):
    """Why a set of instructions cannot be shown here."""


def own_level() -> str:
    """What this machine has, in words. Raises CannotHideError: it is no x86-64."""
    if platform.machine() not in ("x86_64", "AMD64") or sys.platform != "linux":
        raise CannotHideError(f"only Linux on x86-64 lets instructions be hidden, and this is {_machine()}")
    _, ebx, ecx, _ = real()(7, 0)
    avx512 = ebx & _bits(16, 17, 30, 31) == _bits(16, 17, 30, 31)
    if not avx512:
        return "AVX2" if ebx & _bits(5) else "no AVX2"
    return "AVX-512 with VNNI" if ecx & _bits(11) else "AVX-512 without VNNI"


def _machine() -> str:
    return f"{platform.system()} on {platform.machine()}"


def copied(folder: Path) -> None:
    """A copy of onnxruntime in which every ``cpuid`` is an instruction that does not exist.

    Raises:
        CannotHideError: objdump is missing, or the library is not as expected.
    """
    shutil.copytree(
        Path(onnxruntime.__file__).parent,
        folder / "onnxruntime",
        ignore=shutil.ignore_patterns("__pycache__", "transformers", "quantization", "tools", "datasets"),
    )
    libraries = list((folder / "onnxruntime" / "capi").glob("onnxruntime_pybind11_state*.so"))
    if len(libraries) != 1:
        raise CannotHideError(f"onnxruntime's library is not where it was: {len(libraries)} found")
    data = bytearray(libraries[0].read_bytes())
    for at in _questions(libraries[0], data):
        if data[at : at + 2] != b"\x0f\xa2":
            raise CannotHideError("onnxruntime's library has other bytes than objdump says")
        data[at : at + 2] = b"\x0f\x0b"
    libraries[0].write_bytes(data)
    (folder / "onnxruntime" / "capi" / "__init__.py").write_text("import hidden_instructions  # noqa\n")
    shutil.copy(PROJECT / "tests" / "hidden_instructions.py", folder)


def _questions(library: Path, data: bytes) -> list[int]:
    """Where in the file each ``cpuid`` stands. Its two bytes stand within other instructions too: objdump tells."""
    if shutil.which("objdump") is None:
        raise CannotHideError("objdump is not installed (Debian's package binutils)")
    listing = subprocess.Popen(
        ["objdump", "-d", "--no-show-raw-insn", str(library)], stdout=subprocess.PIPE, env=os.environ | {"LC_ALL": "C"}
    )
    kept = subprocess.run(["grep", "-w", "cpuid"], stdin=listing.stdout, capture_output=True, text=True, check=False)
    listing.wait()
    addresses = [int(line.split(":")[0], 16) for line in kept.stdout.splitlines() if line.split()[-1] == "cpuid"]
    if not addresses:
        raise CannotHideError("no cpuid was found in onnxruntime's library")
    segments = list(_segments(data))
    return [address - start + at for address in addresses for start, end, at in segments if start <= address < end]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Start and end address of each loaded part of an ELF file, and where in the file it begins."""
    first, size, count = (
        struct.unpack_from("<Q", data, 32)[0],
        *struct.unpack_from("<HH", data, 54),
    )
    for at in range(first, first + size * count, size):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, at)
        if kind == 1:
            yield address, address + length, offset


def environment(level: Level | None, folder: Path) -> dict[str, str]:
    """What a Python is started with to see this level, ``None`` being the one that this process sees."""
    before = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    found = os.environ | {"PYTHONPATH": os.pathsep.join(before)}
    if level is not None:
        found["PYTHONPATH"] = os.pathsep.join([str(folder), *before])
        found["HEARSAY_HIDDEN"] = json.dumps(level.hidden)
        found["NPY_DISABLE_CPU_FEATURES"] = " ".join(_numpy_features(level))
        found["OPENBLAS_CORETYPE"] = level.openblas
    return found


def _numpy_features(level: Level) -> list[str]:
    from numpy._core import _multiarray_umath as numpy_core

    has: dict[str, bool] = numpy_core.__cpu_features__
    return [name for name in numpy_core.__cpu_dispatch__ if has[name] and any(part in name for part in level.unlike)]


def read_with(level: Level | None, folder: Path) -> dict[str, str]:
    """What ``read_here`` finds at a level.

    Raises:
        CannotHideError: the copy does not run, or goes on as if nothing were hidden.
    """
    command = [sys.executable, "-c", "from tests.instruction_sets import read_here; read_here()"]
    ran = subprocess.run(
        command, env=environment(level, folder), cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["no message"])[-1]
        raise CannotHideError(f"onnxruntime's copy does not run (exit status {ran.returncode}): {last}")
    found: dict[str, str] = json.loads(ran.stdout)
    return found


def read_here() -> None:
    """Prints what this process sees: two signs of its instructions, and digests of how it analyses our sentences."""
    sys.stdout.write(json.dumps(_probe() | digests()) + "\n")


def _probe() -> dict[str, str]:
    """Two signs that differ by what onnxruntime makes use of.

    ``products``: sums of 255 * 127, which overflow where int8 is multiplied without VNNI. ``softmax``: its last bits, which
    depend on how many lanes add it up (it is why the model's attention does without that operation).
    """
    many, few = np.full((1, 64), 255, np.uint8), np.full((64, 16), 127, np.int8)
    product = _run("MatMulInteger", {"a": (2, many), "b": (3, few)}, 6)
    scores = np.random.default_rng(0).normal(scale=3, size=(64, 97)).astype(np.float32)
    return {
        "products": str(int(product[0, 0])),
        "softmax": hashlib.sha256(_run("Softmax", {"a": (1, scores)}, 1).tobytes()).hexdigest()[:16],
    }


def _run(operation: str, inputs: dict[str, tuple[int, np.ndarray]], kind: int) -> np.ndarray:
    """One operation of onnxruntime. The ``onnx`` package is no dependency, so its few bytes are written here."""

    def field(number: int, value: int | str | bytes) -> bytes:
        if isinstance(value, int):
            return bytes([number << 3, value])
        content = value.encode() if isinstance(value, str) else value
        return bytes([number << 3 | 2, len(content)]) + content

    def end(name: str, of: int, shape: Iterable[int]) -> bytes:
        sizes = b"".join(field(1, field(1, size)) for size in shape)
        return field(1, name) + field(2, field(1, field(1, of) + field(2, sizes)))

    node = b"".join(field(1, name) for name in inputs) + field(2, "y") + field(4, operation)
    graph = field(1, node) + field(2, "g")
    graph += b"".join(field(11, end(name, of, value.shape)) for name, (of, value) in inputs.items())
    graph += field(12, field(1, "y") + field(2, field(1, field(1, kind))))
    model = field(1, 8) + field(7, graph) + field(8, field(2, 17))
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    found: np.ndarray = session.run(None, {name: value for name, (_, value) in inputs.items()})[0]
    return found


def digests() -> dict[str, str]:
    """Digests of the labels of our sentences, and of every bit that the network gives out on the way."""
    labels, bits = hashlib.sha256(), hashlib.sha256()

    class Overheard(Model):
        def read(self, pieces: list[tuple[list[int], int]]) -> Reading:  # type: ignore[override]
            reading = super().read(pieces)
            for part in (reading.tags, reading.names, reading.starts, reading.arcs, reading.dependent, reading.head):
                bits.update(np.ascontiguousarray(part).tobytes())
            return reading

    model = Overheard(FOLDER)
    cases = tomllib.loads((PROJECT / "tests" / "cases" / "language.toml").read_text(encoding="utf-8"))
    sentences = [sentence["text"] for sentence in cases["sentence"]]
    # on their own, and as paragraphs of all lengths up to the longest that are read in one window and more
    texts = [" ".join(sentences[:end]) for end in range(1, len(sentences) + 1)] + sentences
    for text in texts:
        words = [token.text for token in english().make_doc(text) if not token.is_space]
        found = analysed(words, model)
        for part in (found.tags, found.names, found.heads, found.relations, found.starts):
            labels.update(np.ascontiguousarray(part).tobytes())
    return {"labels": labels.hexdigest()[:16], "bits": bits.hexdigest()[:16]}


def seen(folder: Path) -> tuple[dict[str, Level], dict[str, dict[str, str]], dict[str, str]]:
    """Makes a copy of onnxruntime in a folder; the levels that it shows, what ``read_here`` finds at each, the others' why.

    What the machine has is read too, under the name that ``own_level`` gives it. Raises CannotHideError: it is no x86-64.
    """
    own = own_level()
    refused: dict[str, str] = {}
    wanted = []
    for level in LEVELS:
        if own == "no AVX2" or (level is WITHOUT_VNNI and own == "AVX2"):
            refused[level.name] = f"this machine has less ({own})"
        elif level.name != own:
            wanted.append(level)
    read = {own: read_with(None, folder)}
    levels: dict[str, Level] = {}
    try:
        if wanted:
            copied(folder)
    except CannotHideError as error:
        return levels, read, refused | {level.name: str(error) for level in wanted}
    for level in wanted:
        try:
            found = read_with(level, folder)
            _prove(level, found, read[own])
        except CannotHideError as error:
            refused[level.name] = str(error)
        else:
            levels[level.name], read[level.name] = level, found
    return levels, read, refused


def _prove(level: Level, found: dict[str, str], own: dict[str, str]) -> None:
    """Raises CannotHideError: onnxruntime goes on as before."""
    if found["products"] == str(255 * 127 * 64):
        raise CannotHideError("onnxruntime still multiplies int8 as with VNNI")
    if level is WITHOUT_AVX512 and found["softmax"] == own["softmax"]:
        raise CannotHideError("onnxruntime still adds up in as many lanes as with AVX-512")


def _tested(folder: Path, more: list[str], level: Level | None) -> tuple[str, bool]:
    """What a run of the tests at a level counted, and whether they passed; all that it said where they did not."""
    # faulthandler would answer for the instruction that does not exist
    command = [sys.executable, "-m", "pytest", "-p", "no:faulthandler", *(more or TESTS)]
    ran = subprocess.run(
        command, env=environment(level, folder), cwd=PROJECT, capture_output=True, text=True, check=False
    )
    said = (ran.stdout + ran.stderr).strip()
    if ran.returncode:
        return said, False
    return next((line for line in reversed(said.splitlines()) if " passed" in line), "no test ran"), True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.instruction_sets", description=__doc__)
    parser.add_argument(
        "--own", action="store_true", help="with all that the machine has, too (as ./hearsay test does)"
    )
    parser.add_argument("tests", nargs="*", help=f"what pytest is to run (default: {' '.join(TESTS)})")
    given = parser.parse_args()
    try:
        own = own_level()
    except CannotHideError as error:
        sys.stdout.write(f"No instructions were hidden: {error}.\n")
        return 0
    sys.stdout.write(
        f"{own}: shown, it is what this machine has{'' if given.own else ' (and ./hearsay test tested)'}.\n"
    )
    with tempfile.TemporaryDirectory(prefix="hearsay-instructions-") as scratch:
        folder = Path(scratch)
        hidden, _, refused = seen(folder)
        for name, why in refused.items():
            sys.stdout.write(f"{name}: not shown, {why}.\n")
        runs: list[Level | None] = [*([None] if given.own else []), *hidden.values()]
        with ThreadPoolExecutor(max_workers=min(len(runs) or 1, os.cpu_count() or 1)) as pool:
            results = list(pool.map(partial(_tested, folder, given.tests), runs))
    for level, (said, passed) in zip(runs, results, strict=True):
        name = f"{level.name}: shown, what goes beyond it hidden" if level else own
        sys.stdout.write(f"{name}: {'' if passed else 'FAILED: '}{said}\n")
    return 0 if all(passed for _, passed in results) else 1


if __name__ == "__main__":
    sys.exit(main())
