"""The launcher from any folder, through any link, in any surroundings; nothing is downloaded: a stub stands for uv."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from launcher import environment as environments
from launcher import locks
from launcher.environment import INSTALLING, UNFINISHED, Environment, Stop, surroundings, why
from launcher.main import called_as
from tests.conftest import PROJECT

SHELLS = [
    command
    for command in (["/bin/sh"], ["dash"], ["busybox", "sh"], ["bash", "--posix"], ["zsh"])
    if shutil.which(command[0])
]
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
VERSION = "77.7"
STUB_UV = f"""#!{sys.executable}
import os, pathlib, sys, time
sys.path.insert(0, {str(PROJECT)!r})
from launcher import locks
log = pathlib.Path(__file__).with_name("calls")
python, lock = (pathlib.Path(sys.argv[sys.argv.index(flag) + 1]) for flag in ("--python", "-r"))
with log.open("a") as calls:
    calls.write(lock.stem + "\\n")
time.sleep(float(os.environ.get("STUB_SECONDS", "0")))
if "STUB_SAYS" in os.environ:
    sys.exit(os.environ["STUB_SAYS"])
for pin in locks.pins(lock.read_text()):
    about = python.parents[1] / "lib" / "{PYTHON}" / "site-packages" / f"{{pin.name.replace('-', '_')}}-{{pin.version}}.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "RECORD").touch()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Enough of a checkout to set up and to tell its version, which is one that no other has."""
    return _checkout(tmp_path / "a checkout")


def _checkout(folder: Path) -> Path:
    for name in ("launcher", "locks"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pipelines").mkdir()
    for module in (PROJECT / "pipelines").glob("*.py"):
        shutil.copy(module, folder / "pipelines")
    (folder / "warehouse").mkdir()
    for name in ("__init__.py", "calling.py"):
        shutil.copy(PROJECT / "warehouse" / name, folder / "warehouse")
    (folder / "schemas").mkdir()
    shutil.copy(PROJECT / "schemas" / "columns.py", folder / "schemas")
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{VERSION}"\n')
    shutil.copy(PROJECT / "hearsay", folder / "hearsay")
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for the PATH: a Python, and a uv that only notes what it is asked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "python3").symlink_to(getattr(sys, "_base_executable", sys.executable))
    _write(folder / "uv", STUB_UV)
    return folder


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def _calls(tools: Path) -> list[str]:
    log = tools / "calls"
    return log.read_text().split() if log.exists() else []


def _run(
    command: Sequence[object], cwd: Path, *path: Path, timeout: float = 60, **variables: object
) -> tuple[int, str, str]:
    kept = {"PATH": os.pathsep.join([*map(str, path), "/usr/bin", "/bin"]), "HOME": str(cwd)}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | {name: str(value) for name, value in variables.items()},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def _link(path: Path, to: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(str(to))
    return path


# ---------------------------------------------------------------- where it is called from

Call = Callable[[Path, Path], tuple[Path, str]]
CALLS: dict[str, Call] = {  # (checkout, another folder) -> the folder where it is called, how
    "from its folder": lambda home, _: (home, "./hearsay"),
    "by its whole path": lambda home, other: (other, str(home / "hearsay")),
    "from the folder above": lambda home, _: (home.parent, f"{home.name}/hearsay"),
    "from a folder below": lambda home, _: (home / "locks", "../hearsay"),
    "through a link": lambda home, other: (other, str(_link(other / "bin" / "hearsay", home / "hearsay"))),
    "through a relative link": lambda home, other: (
        other,
        str(_link(other / "bin" / "hearsay", os.path.relpath(home / "hearsay", other / "bin"))),
    ),
    "through a relative link, called relatively": lambda home, other: (
        _link(other / "bin" / "hearsay", os.path.relpath(home / "hearsay", other / "bin")).parent,
        "./hearsay",
    ),
    "through a link to a link": lambda home, other: (
        other,
        str(_link(other / "b" / "two", os.path.relpath(_link(other / "a" / "one", home / "hearsay"), other / "b"))),
    ),
    "through a link to its folder": lambda home, other: (other, str(_link(other / "folder", home) / "hearsay")),
    "through a relative link in a folder that is a link": lambda home, other: (
        _link(other / "real" / "deep" / "hearsay", os.path.relpath(home / "hearsay", other / "real" / "deep")).parent
        and _link(other / "short", other / "real" / "deep").parent,
        "short/hearsay",
    ),
    "through a link of another name": lambda home, other: (other, str(_link(other / "who says", home / "hearsay"))),
    "through a link to a name that begins with a dash": lambda home, other: (
        _link(other / "-folder", home).parent,
        f"./{_link(other / 'h', '-folder/hearsay').name}",
    ),
}  # fmt: skip
NAMES = ["plain", "two words", "line\nbreak", "ends in a break\n", "-dash", "$HOME `x` \"'*?", "ünïcode", "back\\slash"]


@pytest.mark.parametrize("call", CALLS)
def test_it_finds_its_folder_however_it_is_called(call: str, checkout: Path, tools: Path, tmp_path: Path) -> None:
    other = tmp_path / "another folder"
    other.mkdir()
    cwd, word = CALLS[call](checkout, other)
    status, out, err = _run([word, "--version"], cwd, tools)
    assert (status, err) == (0, "")
    assert out.startswith(f"hearsay {VERSION} (")


@pytest.mark.parametrize("name", NAMES)
def test_it_finds_its_folder_whatever_that_is_called(name: str, tools: Path, tmp_path: Path) -> None:
    home = _checkout(tmp_path / name)
    for cwd, word in ((home, "./hearsay"), (home.parent, f"{name}/hearsay" if name[0] != "-" else f"./{name}/hearsay")):
        status, out, err = _run([word, "--version"], cwd, tools)
        assert (status, err) == (0, "")
        assert out.startswith(f"hearsay {VERSION} (")


@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
@pytest.mark.parametrize("word", ["hearsay", "./hearsay"])
def test_every_shell_runs_it_by_name(shell: list[str], word: str, checkout: Path, tools: Path, tmp_path: Path) -> None:
    link = _link(tmp_path / "l" / "hearsay", checkout / "hearsay")
    for cwd in (checkout, link.parent):
        status, out, err = _run([*shell, word, "--version"], cwd, tools)
        assert (status, err) == (0, "")
        assert out.startswith(f"hearsay {VERSION} (")


def test_it_is_found_on_the_path_and_cdpath_does_not_lead_it_astray(
    checkout: Path, tools: Path, tmp_path: Path
) -> None:
    _link(tools / "hearsay", checkout / "hearsay")
    decoy = tmp_path / "decoy" / checkout.name
    decoy.mkdir(parents=True)
    status, out, err = _run(["/bin/sh", "-c", "hearsay --version"], tmp_path, tools, CDPATH=decoy.parent)
    assert (status, out[:13], err) == (0, f"hearsay {VERSION} "[:13], "")
    status, out, _ = _run([f"{checkout.name}/hearsay", "--version"], tmp_path, tools, CDPATH=decoy.parent)
    assert (status, out[:12]) == (0, f"hearsay {VERSION}")


def test_what_it_prints_is_called_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = _write(tmp_path / "hearsay", "")
    spaced = tmp_path / "my bin"
    spaced.mkdir()
    _write(spaced / "hearsay", "")
    monkeypatch.chdir(tmp_path)
    assert called_as("./hearsay", "/usr/bin") == "./hearsay"
    assert called_as(str(script), "/usr/bin") == str(script)
    assert called_as(str(script), f"/usr/bin:{tmp_path}") == "hearsay"
    assert called_as(str(script), f"{spaced}:{tmp_path}") == str(script)  # another hearsay comes first
    assert called_as(str(spaced / "hearsay"), "/usr/bin") == shlex.quote(str(spaced / "hearsay"))
    script.chmod(0o644)
    assert called_as("./hearsay", "/usr/bin") == "sh ./hearsay"


# ---------------------------------------------------------------- help and mistakes set up nothing

BARE = [[], ["--help"], ["-h"], ["help"], ["help", "sql"], ["--version"], ["run", "--help"], ["setup", "--help"], ["test", "--help"],
        ["test", "-h"], ["dev", "-h"], ["rnu"], ["run", "texts"], ["run", "--sources", "x"], ["setup", "everything"]]  # fmt: skip


@pytest.mark.parametrize("arguments", BARE, ids=" ".join)
def test_help_and_mistakes_set_up_nothing_and_write_nothing(arguments: list[str], checkout: Path, tools: Path) -> None:
    before = sorted(checkout.rglob("*"))
    status, out, err = _run(["./hearsay", *arguments], checkout, tools)
    assert "Traceback" not in err
    assert bool(out) == (status == 0)
    assert sorted(checkout.rglob("*")) == before
    assert _calls(tools) == []


# ---------------------------------------------------------------- which Python

OLD = '#!/bin/sh\ncase "$*" in *">="*) echo False ;; *) echo "Python 3.9.2" ;; esac\n'
WRONG = {  # what PYTHON names -> what the sentence must say
    "/nowhere/python3": "no such program",
    "python9.9": "no such program",
    "/tmp": "does not run as a Python",
    "/bin/true": "does not run as a Python",
    "/bin/false": "does not run as a Python",
    "python3 -X utf8": "no such program",
    "old": "Python 3.9.2",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_python_is_told_and_no_other_taken(name: str, checkout: Path, tools: Path, tmp_path: Path) -> None:
    given = str(_write(tmp_path / "old python", OLD)) if name == "old" else name
    status, out, err = _run(["./hearsay", "--version"], checkout, tools, PYTHON=given)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert f"PYTHON names {given}" in err
    assert WRONG[name] in err


def test_a_python_named_with_a_space_in_its_path_is_taken(checkout: Path, tools: Path, tmp_path: Path) -> None:
    python = _link(tmp_path / "my python", tools / "python3")
    assert _run(["./hearsay", "--version"], checkout, tools, PYTHON=python)[0] == 0


@pytest.mark.parametrize(
    ("pythons", "told"), [([], "there is none"), (["python3"], "only Python 3.9.2"), (["python"], "only Python 3.9.2")]
)
def test_no_python_is_one_sentence(pythons: list[str], told: str, checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "readlink").symlink_to(str(shutil.which("readlink")))
    for name in pythons:
        _write(bare / name, OLD)
    done = subprocess.run(
        ["/bin/sh", "./hearsay", "--help"],
        cwd=checkout,
        env={"PATH": str(bare)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert told in done.stderr
    assert "PYTHON=" in done.stderr


def test_a_shim_that_fails_is_passed_over(checkout: Path, tools: Path, tmp_path: Path) -> None:
    shims = tmp_path / "shims"
    shims.mkdir()
    _write(shims / "python3", "#!/bin/sh\necho 'pyenv: python3: command not found' >&2\nexit 127\n")
    (tools / "python3").rename(tools / "python3.12")
    assert _run(["./hearsay", "--version"], checkout, shims, tools)[0] == 0


# ---------------------------------------------------------------- the environment


def _ready(checkout: Path, tools: Path, *extras: str, **variables: object) -> Path:
    status, _, err = _run(["./hearsay", "setup", *extras], checkout, tools, **variables)
    assert status == 0, err
    return checkout / str(variables.get("HEARSAY_VENV", ".venv"))


def test_it_is_set_up_once(checkout: Path, tools: Path) -> None:
    _ready(checkout, tools, "dev")
    _ready(checkout, tools, "dev", "webserver")
    _ready(checkout, tools)
    assert _calls(tools) == ["base", "dev", "webserver"]


def _no_python(venv: Path) -> None:
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3.11")


def _old_python(venv: Path) -> None:
    (venv / "bin" / "python").unlink()
    _write(venv / "bin" / "python", OLD)


def _python_changed_under_it(venv: Path) -> None:
    (venv / "lib" / PYTHON).rename(venv / "lib" / "python3.2")


def _one_package_gone(venv: Path) -> None:
    shutil.rmtree(next((venv / "lib" / PYTHON / "site-packages").glob("dagster-*.dist-info")))


def _one_package_changed(venv: Path) -> None:
    about = next((venv / "lib" / PYTHON / "site-packages").glob("dagster-*.dist-info"))
    about.rename(about.with_name("dagster-1.0.0.dist-info"))


def _killed_while_made(venv: Path) -> None:
    shutil.rmtree(venv / "lib")
    (venv / UNFINISHED).touch()


def _killed_while_installing(venv: Path) -> None:
    about = next((venv / "lib" / PYTHON / "site-packages").glob("dagster-*.dist-info"))
    (about / "RECORD").write_text("dagster/__init__.py,sha256=x,100\n")
    (venv / INSTALLING).touch()


def _lock_changed(venv: Path) -> None:
    (venv / ".hearsay-base").write_text("of another version\n")


BROKEN = [shutil.rmtree, _no_python, _old_python, _python_changed_under_it, _one_package_gone, _one_package_changed, _killed_while_made,
          _killed_while_installing, _lock_changed, lambda venv: shutil.rmtree(venv / "bin"), lambda venv: shutil.rmtree(venv / "lib"),
          lambda venv: (venv / "pyvenv.cfg").unlink() or _no_python(venv)]  # fmt: skip


@pytest.mark.parametrize("break_it", BROKEN)
def test_a_broken_environment_is_mended(break_it: Callable[[Path], object], checkout: Path, tools: Path) -> None:
    venv = _ready(checkout, tools)
    break_it(venv)
    _ready(checkout, tools)
    assert _calls(tools) == ["base", "base"]
    environment = Environment(venv)
    assert environment.has("base")
    assert not {UNFINISHED, INSTALLING} & {path.name for path in venv.iterdir()}
    _ready(checkout, tools)
    assert len(_calls(tools)) == 2


def test_an_environment_that_was_moved_goes_on_without_an_index(checkout: Path, tools: Path, tmp_path: Path) -> None:
    _ready(checkout, tools)
    moved = checkout.rename(tmp_path / "moved")
    _ready(moved, tools)
    assert _calls(tools) == ["base"]


def test_a_relative_folder_is_meant_from_where_the_user_is(checkout: Path, tools: Path, tmp_path: Path) -> None:
    status, _, err = _run([checkout / "hearsay", "setup"], tmp_path, tools, HEARSAY_VENV="my venv")
    assert status == 0, err
    assert (tmp_path / "my venv" / "bin" / "python").exists()
    assert not (checkout / ".venv").exists()
    assert _run([checkout / "hearsay", "setup"], tmp_path, tools, HEARSAY_VENV="my venv")[0] == 0
    assert _calls(tools) == ["base"]


def test_two_first_starts_at_once_set_up_once(checkout: Path, tools: Path) -> None:
    surround = {"PATH": f"{tools}:/usr/bin:/bin", "STUB_SECONDS": "1"}
    both = [
        subprocess.Popen(["./hearsay", "setup"], cwd=checkout, env=surround, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [start.communicate(timeout=60)[1] for start in both]
    assert [start.returncode for start in both] == [0, 0], told
    assert _calls(tools) == ["base"]
    assert sum("waiting for it" in each for each in told) == 1


def test_a_set_up_that_is_killed_is_taken_up_and_its_installer_waited_for(checkout: Path, tools: Path) -> None:
    surround = {"PATH": f"{tools}:/usr/bin:/bin", "STUB_SECONDS": "2"}
    first = subprocess.Popen(["./hearsay", "setup"], cwd=checkout, env=surround, stderr=subprocess.DEVNULL)
    for _ in range(100):
        if _calls(tools):
            break
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    started = time.monotonic()
    _ready(checkout, tools)
    assert time.monotonic() - started > 0.5  # the installer that outlived the first start holds the environment
    assert _calls(tools) == ["base", "base"]


REFUSED = {  # where HEARSAY_VENV points -> what the sentence must say
    "a file": "File exists",
    "a file/below": "Not a directory",
    "/proc/nowhere/venv": "HEARSAY_VENV",
    "full of other things": "other things in it",
    "with:colon": "PATH separator",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_folder_that_cannot_be_the_environment_is_one_sentence(
    name: str, checkout: Path, tools: Path, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    other = tmp_path / "full of other things" / "letters"
    other.mkdir(parents=True)
    status, out, err = _run(["./hearsay", "setup"], checkout, tools, HEARSAY_VENV=tmp_path / name)
    last = err.splitlines()[-1]
    assert (status, out) == (1, "")
    assert "Traceback" not in err
    assert REFUSED[name] in last
    assert "HEARSAY_VENV" in last
    assert other.is_dir()
    assert _calls(tools) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_checkout_that_may_not_be_written_names_the_variable(checkout: Path, tools: Path, tmp_path: Path) -> None:
    checkout.chmod(0o555)
    try:
        status, _, err = _run(["./hearsay", "run"], checkout, tools)
        assert (status, err.count("\n")) == (1, 1)
        assert "set HEARSAY_VENV" in err
        assert _run(["./hearsay", "--help"], checkout, tools)[0] == 0
        assert _run(["./hearsay", "setup"], checkout, tools, HEARSAY_VENV=tmp_path / "v")[0] == 0
    finally:
        checkout.chmod(0o755)


def test_the_users_other_settings_are_not_in_the_way(checkout: Path, tools: Path) -> None:
    status, _, err = _run(
        ["./hearsay", "setup"], checkout, tools,
        PYTHONHOME="/nowhere", PYTHONPATH="/nowhere", PIP_REQUIRE_VIRTUALENV="1", PIP_USER="1", PIP_TARGET="/nowhere",
        UV_PROJECT="/nowhere", UV_SYSTEM_PYTHON="1", VIRTUAL_ENV="/nowhere", PYTHONSTARTUP="/nowhere",
    )  # fmt: skip
    assert (status, _calls(tools)) == (0, ["base"]), err


def test_index_proxy_and_certificates_are_the_users_and_targets_are_not() -> None:
    kept = {"PIP_INDEX_URL": "a", "PIP_CERT": "b", "PIP_FIND_LINKS": "c", "UV_INDEX": "d", "UV_DEFAULT_INDEX": "e", "HTTPS_PROXY": "f",
            "UV_CACHE_DIR": "g", "SSL_CERT_FILE": "h", "HOME": "i"}  # fmt: skip
    dropped = {
        "PIP_USER": "1",
        "PIP_TARGET": "x",
        "PIP_REQUIRE_VIRTUALENV": "1",
        "PYTHONPATH": "x",
        "UV_PROJECT": "x",
        "VIRTUAL_ENV": "x",
    }
    left = surroundings(kept | dropped)
    assert {name: left[name] for name in kept} == kept
    assert left["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "UV_PROJECT", "VIRTUAL_ENV"} & set(left)


def test_the_program_runs_with_its_own_modules_whatever_lies_in_the_users_folder(
    samples: Path, tools: Path, tmp_path: Path
) -> None:
    """The environment of these tests stands in, behind a stub; a folder of the user's has modules of the same names."""
    venv = tmp_path / "v"
    packages = venv / "lib" / PYTHON / "site-packages"
    (venv / "bin").mkdir(parents=True)
    _write(venv / "bin" / "python", f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    for pin in locks.pins(locks.path_of("base").read_text("utf-8")):
        (packages / f"{pin.name}-{pin.version}.dist-info").mkdir(parents=True, exist_ok=True)
    shutil.copy(locks.path_of("base"), venv / ".hearsay-base")
    mine = tmp_path / "mine"
    for name in ("pipelines", "schemas", "warehouse", "duckdb"):
        (mine / name).mkdir(parents=True)
        (mine / name / "__init__.py").write_text("raise SystemExit('the wrong module')\n")
    (mine / "argparse.py").write_text("raise SystemExit('the wrong module')\n")
    command = [PROJECT / "hearsay", "sql", "SELECT count(*) AS n FROM documents", "--warehouse", samples]
    for more in ({}, {"PYTHONPATH": mine}, {"PYTHONHOME": mine}):
        status, out, err = _run(command, mine, tools, HEARSAY_VENV=venv, **more)
        assert status == 0, err
        assert out.split()[0] == "n"
    assert _calls(tools) == []


def test_without_uv_and_without_ensurepip_it_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Stop, match="python3-venv"):
        Environment(tmp_path / "v").bring("base")


# ---------------------------------------------------------------- what went wrong

FIRST = locks.pins(locks.path_of("base").read_text("utf-8"))[0]
SAID = [  # what pip (22.3 to 26) or uv printed, shortened; what the sentence must begin with or name
    (("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...: [Errno 111] Connection refused')': /simple/a/\n"
     "ERROR: Could not find a version that satisfies the requirement blis==1.3.4 (from versions: none)\n"
     "ERROR: No matching distribution found for blis==1.3.4"), "No package index"),
    ((f"ERROR: Could not find a version that satisfies the requirement {FIRST.name}=={FIRST.version} (from versions: none)\n"
     f"ERROR: No matching distribution found for {FIRST.name}=={FIRST.version}"), "No package index"),
    (("WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')'\n"
     "ERROR: No matching distribution found for blis==1.3.4"), "No package index"),
    (("WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.')'\n"
     "ERROR: No matching distribution found for blis==1.3.4"), "No package index"),
    ("error: Failed to fetch: `https://x/simple/blis/`\n  cause: error sending request\n  cause: dns error", "No package index"),
    ("error: Failed to fetch: `https://x/simple/blis/`\n  cause: HTTP status server error (503 Service Unavailable)", "No package index"),
    (("  cause: Because anyascii was not found in the package registry and you require anyascii==0.3.3, we can conclude that ...\n\n"
     "hint: An index (https://x/simple) returned a 403 Forbidden error."), "No package index"),
    (("  cause: Because anyascii was not found in the cache and you require anyascii==0.3.3\n\n"
     "hint: Packages were unavailable because the network was disabled."), "No package index"),
    (("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated ...\n"
     "    anyascii==0.3.3 from https://x/anyascii-0.3.3-py3-none-any.whl (from -r bad.txt (line 1)):\n"
     "        Expected sha256 00\n             Got        f5"), "What the package index gave for anyascii==0.3.3 is not what locks/base.txt promises"),
    ("error: Failed to download `anyascii==0.3.3`\n  cause: Hash mismatch for `anyascii==0.3.3`", "What the package index gave for anyascii==0.3.3"),
    (("ERROR: Could not find a version that satisfies the requirement onnxruntime==1.31.1 (from versions: 1.15.0, 1.15.1)\n"
     "ERROR: No matching distribution found for onnxruntime==1.31.1"), "The package index has no onnxruntime==1.31.1 for Python 3."),
    (("ERROR: Could not find a version that satisfies the requirement blis==1.3.4 (from versions: none)\n"
     "ERROR: No matching distribution found for blis==1.3.4"), "The package index has no blis==1.3.4"),
    ("  cause: Because onnxruntime==1.31.1 has no wheels with a matching platform tag (e.g., `macosx_13_0_arm64`) and you require ...",
     "The package index has no onnxruntime==1.31.1"),
    ("  cause: Because watchdog==6.0.0 has no usable wheels and you require watchdog==6.0.0", "The package index has no watchdog==6.0.0"),
    ("  cause: Because there is no version of anyascii==9.9.9 and you require anyascii==9.9.9", "The package index has no anyascii==9.9.9"),
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
    ("error: Failed to install: jinja2\n  cause: failed to copy file: No space left on device (os error 28)", "The disk is full"),
    ("ERROR: Exception:\nTraceback (most recent call last):\nEOFError: EOF when reading a line", "The packages of locks/base.txt could not"),
    ("error: unexpected argument '--only-binary' found", "The packages of locks/base.txt could not"),
    ("", "The packages of locks/base.txt could not"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "told"), SAID, ids=range(len(SAID)))
def test_why_packages_could_not_be_installed_is_told_by_kind(said: str, told: str, tmp_path: Path) -> None:
    sentence, *theirs = why(said, locks.path_of("base"), tmp_path).splitlines()
    assert sentence.startswith(told)
    assert sentence[-1] in ".:"
    assert all(line.startswith("    ") for line in theirs)


def test_what_is_not_known_shows_the_installers_own_lines(checkout: Path, tools: Path) -> None:
    status, _, err = _run(["./hearsay", "setup"], checkout, tools, STUB_SAYS="error: the moon is in the wrong phase")
    assert status == 1
    assert "for a reason that hearsay does not know" in err
    assert err.splitlines()[-1].strip() == "error: the moon is in the wrong phase"
    _ready(checkout, tools)
    assert _calls(tools) == ["base", "base"]
