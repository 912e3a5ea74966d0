"""The command line: run, sql, show, explain, check, evaluate, dashboard, dev, setup, test.

What a command does not need it does not import: the launcher tells help and mistakes with this module before any
package is there.
"""

import argparse
import errno
import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, TextIO
from uuid import uuid4

from pipelines.arguments import Parser, Version, mistake
from pipelines.paths import entered, place
from pipelines.stopping import SIGNALS, Stopped, stoppable
from warehouse.calling import DEFAULT, ask, called

if TYPE_CHECKING:
    import dagster as dg
    import duckdb

PROJECT = Path(__file__).resolve().parent.parent
DONE, NOTHING, QUARANTINED = 0, 1, 3
UNWRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""What the system says where a file or standard output cannot take what is written."""
SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a program."""
LONGEST_FAREWELL_SECONDS = 5.0
"""How long a run that is stopped waits for Dagster's books, which may be locked or on a disk that is full."""

EXAMPLE = "SELECT as_written, value, unit, modifier, referent, speaker FROM figures_said WHERE is_held AND abs(value) >= 90 ORDER BY value DESC"

EXTRAS = sorted(path.stem for path in (PROJECT / "locks").glob("*.txt"))
SURROUNDINGS = """Variables:
  HEARSAY_SOURCE     what run reads when no --source is given; several paths are joined by a colon
  HEARSAY_WAREHOUSE  the folder of tables when no --warehouse is given
  HEARSAY_VENV       the folder of hearsay's own environment (default: .venv beside the launcher)
  PYTHON             the Python that makes the environment (3.11 or newer; default: the first on the PATH)
  PIP_..., UV_...    the installer's own settings: index, proxy, certificates, cache"""


def program() -> int:
    """Run one command as a program: as ``main``, but one that a signal stopped ends by that signal.

    So a shell knows that its loop or script is to end too, and a service manager that nothing went wrong; the status that
    they show is 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP.
    """
    status = main()
    if status > SIGNALLED:
        with suppress(OSError):
            sys.stdout.flush()
        signal.signal(status - SIGNALLED, signal.SIG_DFL)
        signal.raise_signal(status - SIGNALLED)
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 nothing could be done, 3 done but some input quarantined.

    128 and the signal's number when a signal stopped it: something may have been done, and nothing is wrong with the call,
    so it is none of the others.
    """
    if sys.stdout is None:  # closed by who called us: what is printed goes nowhere
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 (it is for as long as the program runs)
    options = parse(arguments)
    terminal = sys.stderr  # during a run it is a log as well, which may be on a full disk
    try:
        if options.command is not _run:  # a run takes care of signals itself
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        status: int = options.command(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except KeyboardInterrupt as stopped:
        kept = " What was done is kept; the next run goes on from there." if options.command is _run else ""
        terminal.write(f"{_new_line(terminal)}Stopped.{kept}\n")
        return SIGNALLED + (stopped.number if isinstance(stopped, Stopped) else signal.SIGINT)
    except OSError as error:
        if error.filename is None and error.errno in UNWRITTEN:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is still to be flushed has nowhere to go
            return _complain(f"What was to be printed could not be written ({error.strerror}).")
        if error.filename is None or not isinstance(error, PermissionError | FileExistsError | NotADirectoryError):
            raise
        return _complain(f"{error.filename} cannot be used ({error.strerror}): check the path, or name another folder.")
    return status


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options of a call. Prints help, the version, or one sentence on what is wrong with the call, and then ends.

    Raises:
        SystemExit: there is nothing left to do: status 0 after help that was asked for, 1 after a mistake.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    if not given:
        parser.print_help(sys.stderr)
        parser.exit(NOTHING)
    if given[0] == "help":
        given = [*given[1:2], "--help"]
    asks_for_help = bool({"-h", "--help"} & set(given))
    wrong = mistake(parser, given[:1] if asks_for_help else given)
    if wrong is not None:
        parser.exit(NOTHING, f"{wrong}\n")
    return parser.parse_args(given)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="hearsay",
        description="Raw texts in; who said what, how much and when out.",
        epilog=f"{SURROUNDINGS}\n\nExit status: 0 all done; 1 nothing could be done; 3 done, but some input was quarantined; "
        "130, 143: stopped by Ctrl-C or SIGTERM; what was done is kept.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=Version, help="print the version, and that of the tables' schema")
    commands = parser.add_subparsers(required=True, metavar="command", dest="name")
    where = Parser(add_help=False)
    where.add_argument(
        "--warehouse",
        type=_path(place),
        default=place(os.environ.get("HEARSAY_WAREHOUSE") or DEFAULT),
        metavar="DIR",
        help="folder that holds the tables (default: HEARSAY_WAREHOUSE, else warehouse/data)",
    )

    run = commands.add_parser(
        "run",
        parents=[where],
        help="read texts, extract, publish tables",
        description="Read the texts, extract what is new, and publish the tables. The tables show what the sources hold "
        "now: what is gone from them goes from the tables too. What has not changed is not worked on again.",
    )
    run.add_argument(
        "--source",
        type=_path(entered),
        action="append",
        metavar="PATH",
        help="file, or folder to walk; may be given several times. The warehouse remembers it: without --source a run reads "
        "HEARSAY_SOURCE, else what the warehouse read last, else, in a new warehouse, the sample texts",
    )
    run.add_argument(
        "--workers", type=_count, default=0, metavar="N", help="processes that extract (default: by the work)"
    )
    run.add_argument(
        "--reread",
        action="store_true",
        help="read every file again, also those whose size, times and place on the disk are as they were",
    )
    run.set_defaults(command=_run)

    sql = commands.add_parser(
        "sql",
        parents=[where],
        help="ask the tables with SQL",
        description="Run one SQL query (DuckDB's dialect), read-only, on the published tables and views.",
        epilog=f'Example: {called()} sql "{EXAMPLE}". SHOW TABLES lists tables and views; DESCRIBE figures its columns.',
    )
    sql.add_argument("query", help="the query, in quotation marks")
    sql.add_argument(
        "--format",
        choices=("table", "csv", "json", "parquet"),
        default="table",
        help="default: table. csv: an apostrophe stands before what a spreadsheet would run as a formula; json and "
        "parquet are exact",
    )
    sql.set_defaults(command=_sql)

    show = commands.add_parser(
        "show",
        parents=[where],
        help="show the evidence for a row",
        description="Show where any row stands: the passage with its characters marked, who said it, what it is linked to.",
    )
    show.add_argument("id", help="the id of a row of any table (16 hex digits), or a source_id")
    show.add_argument(
        "--html", action="store_true", help="write the row's whole document as one HTML file, everything marked"
    )
    show.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to write the HTML (default: DOCUMENT_ID.html; a pipe)"
    )
    show.set_defaults(command=_show)

    explain = commands.add_parser(
        "explain",
        parents=[where],
        help="say why: the parse, the rules that found each row, those that lost",
        description="Read a text anew and say how its rows came to be: the tree, the rule behind each row, what anchored a date, whom a "
        "pronoun was led back to, and which rules wanted a row and lost. Of a row's id: the same for its sentence; of an "
        "entity's: why its names are one.",
        epilog=f'Example: {called()} explain "Ana Berg said on Tuesday that 40 houses had burned."',
    )
    explain.add_argument(
        "what", metavar="TEXT|ID", help="a text in quotation marks, a file, - for standard input, or the id of a row"
    )
    explain.add_argument(
        "--published-on", type=_day, metavar="DAY", help="the day on which the text was published: 2022-05-15"
    )
    explain.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    explain.set_defaults(command=_explain)

    check = commands.add_parser(
        "check",
        parents=[where],
        help="validate everything that is published",
        description="Validate all published tables anew against their schemas. Exit status 1 when a promise is broken.",
    )
    check.set_defaults(command=_check)

    evaluate = commands.add_parser(
        "evaluate",
        help="measure quality on the open benchmark",
        description="Read the annotated texts in tests/gold, compare, and print precision, recall and F1 by table and genre.",
    )
    evaluate.add_argument("--table", choices=("claims", "figures", "mentions"), help="only this table")
    evaluate.add_argument("--genre", metavar="GENRE", help="only texts of this genre, such as news or forum_post")
    evaluate.add_argument(
        "--half",
        choices=("open", "sealed"),
        default="open",
        help="which half of the texts: the open one, which rules may be fitted to, or the sealed one, which nobody reads (default: open)",
    )
    evaluate.add_argument(
        "--errors",
        type=_path(entered),
        metavar="DIR",
        help="write what was missed or wrong into this folder, a file a table",
    )
    evaluate.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
    evaluate.set_defaults(command=_evaluate)

    dashboard = commands.add_parser(
        "dashboard",
        parents=[where],
        help="look at the tables in a browser",
        description="Serve a page over the published tables on this machine: claims, figures, timeline, names, documents, SQL.",
    )
    dashboard.add_argument("--port", type=_port, default=8501, help="port on this machine (default: 8501)")
    dashboard.add_argument("--no-browser", action="store_true", help="only serve; open no browser")
    dashboard.set_defaults(command=_dashboard)

    dev = commands.add_parser(
        "dev",
        parents=[where],
        help="open Dagster's web interface",
        description="Open Dagster's web interface on this pipeline: lineage, checks, schedule, sensor.",
    )
    dev.add_argument("--port", type=_port, default=3000, help="port on this machine (default: 3000)")
    dev.set_defaults(command=_dev)

    setup = commands.add_parser(
        "setup",
        help="fetch ahead of time what other commands would set up",
        description="Make the environment, and fetch what the commands test (dev), dev (webserver), dashboard (dashboard), the "
        "browser tests (browser) and training (train) want beside it; after that nothing is fetched.",
    )
    setup.add_argument("extra", nargs="*", type=_extra, help=f"any of: {', '.join(EXTRAS)}")
    setup.set_defaults(command=_launcher_only)

    test = commands.add_parser(
        "test",
        help="run hearsay's own tests",
        description="Run hearsay's own tests; further arguments go to pytest.",
        epilog=f"Example: {called()} test tests/test_cli.py -k quarantine.",
    )
    test.add_argument("arguments", nargs="*", metavar="...", help="arguments for pytest")
    test.set_defaults(command=_launcher_only)
    return parser


def _path(meaning: Callable[[str], Path]) -> Callable[[str], Path]:
    def path(text: str) -> Path:
        if not text.strip():
            raise argparse.ArgumentTypeError("a path without a name was given (is a variable empty?)")
        if re.match(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]+://", text):
            raise argparse.ArgumentTypeError(
                f"{text} is an address, and hearsay reads and writes files: save it as one"
            )
        return meaning(text)

    return path


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 up")
    return number


def _port(text: str) -> int:
    number = _count(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: they go up to 65535")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write it year-month-day, as in 2022-05-15") from None


def _extra(text: str) -> str:
    if text not in EXTRAS:
        raise argparse.ArgumentTypeError(f"there is no {text}, only {', '.join(EXTRAS)}")
    return text


def _say(line: str = "") -> None:
    sys.stdout.write(line + "\n")


def _n(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _new_line(out: TextIO) -> str:
    """What clears the moving line of a terminal, with the ^C that stands in it."""
    return "\r\x1b[K" if out.isatty() else ""


def _complain(line: str) -> int:
    sys.stderr.write(line + "\n")
    return NOTHING


# ---------------------------------------------------------------- run


def _run(options: argparse.Namespace) -> int:
    under_way: list[Callable[[], object]] = []
    try:
        return stoppable(lambda: _publish(options, under_way.append))
    except Stopped:
        for tell in under_way:
            teller = Thread(target=tell, daemon=True)
            teller.start()
            teller.join(LONGEST_FAREWELL_SECONDS)
        raise


def _publish(options: argparse.Namespace, begins: Callable[[Callable[[], object]], None]) -> int:
    """Read, extract, publish, and say what came of it; ``begins`` is given what to call if the run is stopped."""
    logging.disable(
        logging.CRITICAL
    )  # what is wrong is told by us, in one sentence; Dagster keeps its log in its history
    import dagster as dg
    from sqlalchemy.exc import DBAPIError

    from pipelines.definitions import Request, apart, begin, defs, published
    from pipelines.running import history, run
    from pipelines.running.locking import only_run
    from warehouse.query import NoWarehouse
    from warehouse.snapshots import current

    started = time.monotonic()
    warehouse: Path = options.warehouse
    before = current(warehouse)
    request = Request(
        sources=[str(path) for path in options.source or []],
        warehouse=str(warehouse),
        workers=options.workers,
        reread=options.reread,
    )
    try:
        apart(warehouse, request.named())  # before anything is written among somebody's texts
        with only_run(warehouse):
            begin(warehouse, request)  # what takes long comes later, and may be stopped
            books = history.books(warehouse)
        with books as instance:
            run_id = str(uuid4())
            begins(partial(history.cancel, instance, run_id))
            result = defs.resolve_job_def(history.JOB).execute_in_process(
                run_config=dg.RunConfig(ops={published.op.name: request}, loggers=_quiet()),
                instance=instance,
                raise_on_error=False,
                run_id=run_id,
                tags=history.marks(warehouse, run_id),
            )
    except run.Stop as stop:
        return _complain(str(stop))
    except dg.DagsterError as error:
        return _complain(f"Dagster's history cannot be used: {' '.join(str(error).split())}")
    except (OSError, DBAPIError) as error:
        why = str(error).splitlines()[0]
        if "not a database" in why or "malformed" in why:
            where = os.environ.get("DAGSTER_HOME")
            mend = "mend it, or unset DAGSTER_HOME" if where else "remove that folder, and the next run makes it anew"
            return _complain(
                f"The run history in {where or warehouse / 'dagster'} is damaged ({why}): {mend}. What was published is "
                "unchanged."
            )
        then = "What was published is unchanged." if current(warehouse) == before else "The new tables are published."
        is_full = isinstance(error, DBAPIError) or error.errno in UNWRITTEN
        mend = "is the disk full?" if is_full else "is it a folder, and may this user write there?"
        return _complain(f"{getattr(error, 'filename', None) or warehouse} cannot be written ({why}): {mend} {then}")
    if not result.success:
        return _complain(_why(result))
    made = result.asset_materializations_for_node(published.op.name)
    cost = {
        name: entry.value
        for table in made
        if table.asset_key == dg.AssetKey("sources")
        for name, entry in table.metadata.items()
    }
    try:
        for line in _what_was_read(cost):
            _say(line)
        n_quarantined = _summary(warehouse, time.monotonic() - started, cost)
    except NoWarehouse as error:
        return _complain(str(error))
    return QUARANTINED if n_quarantined else DONE


def _quiet() -> dict[str, object]:
    """Dagster's own log is for its interface; on the command line only what is wrong is told, by us."""
    return {"console": {"config": {"log_level": "CRITICAL"}}}


def _why(result: "dg.ExecuteInProcessResult") -> str:
    """Why a run failed: one sentence for what a user can mend, everything that is known for a fault of ours."""
    for check in result.get_asset_check_evaluations():
        if not check.passed:
            return f"The new tables break the contract and were not published; the last ones stay. {check.description}"
    for event in result.all_events:
        error = event.step_failure_data.error if event.is_step_failure else None
        while error is not None:
            if error.cls_name == "Stop":
                return str(error.message).removeprefix("pipelines.running.run.Stop: ").strip()
            if error.cause is None:
                shown = result.get_asset_materialization_events()
                then = "after the new tables were published" if shown else "and nothing was published"
                return f"hearsay failed, {then}. Please report this:\n{error.to_string()}"
            error = error.cause
    return "The run failed before its first step; nothing was published."


def _what_was_read(cost: Mapping[str, object]) -> Iterator[str]:
    """Which sources a run read where the user did not just name them, and what is gone because others were read before."""
    from pipelines.running.sources import ENVIRONMENT, REMEMBERED, SAMPLE_TEXTS

    reads, before = ([str(path) for path in _list(cost[name])] for name in ("reads", "reads_no_more"))
    why = {
        ENVIRONMENT: f"Read {_and(reads)}, which HEARSAY_SOURCE names.",
        REMEMBERED: f"Read {_and(reads)}, as this warehouse did before (--source names others).",
        SAMPLE_TEXTS: "Read the sample texts (--source names your own).",
    }
    if before:
        n = int(str(cost["n_dropped"]))
        yield f"Read {_and(reads)}. This warehouse reads {_and(before)} no longer."
        if n:
            yield f"{_n(n, 'record')} of what it read before {'is' if n == 1 else 'are'} gone from the tables; the files are untouched."
    elif cost["reads_because"] in why:
        yield why[str(cost["reads_because"])]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _and(paths: Sequence[str]) -> str:
    """Paths in one phrase: a; a and b; a, b and 3 more."""
    shown = list(paths) if len(paths) <= 3 else [*paths[:2], f"{len(paths) - 2} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _summary(warehouse: Path, seconds: float, cost: Mapping[str, object]) -> int:
    """Say what was found and where it lies; returns the number of quarantined records."""
    from warehouse.query import connect, write_rows

    with connect(warehouse) as database:
        counts = {
            name: database.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("documents", "claims", "figures", "dates", "entities", "mentions", "quantities")
        }
        status = dict(database.sql("SELECT status, count(*) FROM sources GROUP BY status").fetchall())
        n_words, cpu = int(str(cost["n_words"])), float(str(cost["cpu_seconds_extracting"]))
        _say(
            f"{_n(counts['documents'], 'document')} from {_n(sum(status.values()), 'record')} in {_n(int(str(cost['n_files'])), 'file')}; "
            f"{cost['n_extracted']:,} extracted in this run"
            + (
                f" ({_n(n_words, 'word')}, {n_words / max(cpu, 0.001):,.0f} a CPU second from text to rows)"
                if n_words
                else ""
            )
            + f", {seconds:.1f} s."
        )
        _say(
            f"Found {_n(counts['claims'], 'claim')}, {_n(counts['figures'], 'figure')}, {_n(counts['dates'], 'date')}, and "
            f"{_n(counts['mentions'], 'mention')} of {_n(counts['entities'], 'entity', 'entities')}."
        )
        if status.get("duplicate"):
            n = status["duplicate"]
            _say(f"{_n(n, 'record')} {'holds' if n == 1 else 'hold'} a text that another holds too: one document each.")
        if status.get("quarantined"):
            n = status["quarantined"]
            _say(
                f"{_n(n, 'record')} {'is' if n == 1 else 'are'} quarantined; this says why: {ask('SELECT * FROM quarantine', warehouse)}"
            )
        n_faults = int(database.sql("SELECT count(*) FROM faults").fetchall()[0][0])
        if n_faults:
            _say(
                f"{_n(n_faults, 'part')} of documents {'has' if n_faults == 1 else 'have'} rows missing, by faults of hearsay's "
                f"own; this says which: {ask('SELECT * FROM faults', warehouse)}"
            )
        _say(f"Parquet: {warehouse / 'current'}    DuckDB: {warehouse / 'hearsay.duckdb'}")
        if database.sql(f"SELECT count(*) FROM ({EXAMPLE})").fetchall()[0][0]:
            _say()
            _say(ask(EXAMPLE, warehouse))
            _say()
            write_rows(database.execute(f"{EXAMPLE} LIMIT 10"), "table", sys.stdout)
    return int(status.get("quarantined", 0)) + n_faults


# ---------------------------------------------------------------- sql, show, check, dashboard, dev


def _sql(options: argparse.Namespace) -> int:
    import duckdb

    from warehouse.query import NoWarehouse, answer, connect, failure

    try:
        with connect(options.warehouse) as database:
            answer(database, options.query, options.format, sys.stdout)
    except (NoWarehouse, ValueError) as error:
        return _complain(str(error))
    except duckdb.Error as error:
        return _complain(failure(error, options.warehouse))
    return DONE


def _show(options: argparse.Namespace) -> int:
    import duckdb

    from warehouse.evidence.terminal import Unknown, evidence
    from warehouse.query import NoWarehouse, connect, failure

    try:
        with connect(options.warehouse) as database:
            if options.html or options.output:
                return _show_html(database, options.id, options.output)
            for line in evidence(database, options.id, colour=sys.stdout.isatty()):
                _say(line)
    except (NoWarehouse, Unknown) as error:
        return _complain(str(error))
    except duckdb.Error as error:
        return _complain(failure(error, options.warehouse))
    return DONE


def _show_html(database: "duckdb.DuckDBPyConnection", ident: str, output: Path | None) -> int:
    from warehouse.evidence.lookups import document_of
    from warehouse.evidence.page import page

    document_id = document_of(database, ident)
    html = page(database, document_id, focus=ident)
    if output is None and not sys.stdout.isatty():
        sys.stdout.buffer.write(html.encode())
        return DONE
    file = output or Path(f"{document_id}.html")
    try:
        file.write_text(html, "utf-8")
    except OSError as error:
        return _complain(f"{file} cannot be written: {error.strerror}.")
    _say(f"{file.resolve()}")
    return DONE


ID = re.compile(r"\s*[0-9a-fA-F]{16}\s*")
LONGEST_EXPLAINED = 100_000
"""Characters of a text that is explained whole: some thousand sentences, more than anybody reads."""


def _explain(options: argparse.Namespace) -> int:
    from pipelines.at_once import Given
    from pipelines.explain import as_json, as_lines, explained

    if ID.fullmatch(options.what):
        return _explain_row(options)
    text = _text_of(options.what)
    if text is None:
        return _complain(
            f"{options.what} cannot be read as text in UTF-8: give a text file, or the text in quotation marks."
        )
    if not text.strip():
        return _complain("There is nothing to explain: the text is empty.")
    if len(text) > LONGEST_EXPLAINED:
        return _complain(
            f"The text has {len(text):,} characters, and {LONGEST_EXPLAINED:,} are explained at once: publish it with "
            f"{called()} run --source, and explain one of its rows by its id."
        )
    found = explained(Given("the text", text, options.published_on))
    if options.format == "json":
        _say(as_json(found))
    else:
        for line in as_lines(found):
            _say(line)
    return DONE


def _text_of(what: str) -> str | None:
    """The text that is meant: standard input for ``-``, the file of this name, else the words themselves; null when unreadable."""
    try:
        if what == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        if len(what) < 1_000 and "\n" not in what and Path(what).is_file():
            return Path(what).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return what


def _explain_row(options: argparse.Namespace) -> int:
    import duckdb

    from pipelines.at_once import Given
    from pipelines.explain import as_json, as_lines, explained, merges_told
    from warehouse.evidence.lookups import Unknown, find, row, rows
    from warehouse.query import NoWarehouse, connect, failure

    try:
        with connect(options.warehouse) as database:
            table, found = find(database, options.what)
            if table == "entities":
                query = "SELECT * FROM entity_merges WHERE entity_id = ? ORDER BY decision DESC, score DESC NULLS LAST"
                merges = rows(database, query, found["entity_id"])
                if options.format == "json":
                    _say(
                        json.dumps({"name": found["name"], "merges": merges}, indent=1, ensure_ascii=False, default=str)
                    )
                else:
                    for line in merges_told(found["name"], merges):
                        _say(line)
                return DONE
            document = row(database, "documents", found.get("document_id"))
            if document is None:
                return _complain(
                    f"{options.what} is a row of {table}, which stands in no one sentence: {called()} show {options.what} says what it holds."
                )
    except (NoWarehouse, Unknown) as error:
        return _complain(str(error))
    except duckdb.Error as error:
        return _complain(failure(error, options.warehouse))
    on = document["published_on"] if document["published_basis"] == "metadata" else None
    asked = (found["start_char"], found["end_char"]) if "start_char" in found else None
    genre = document["genre"] if document["genre_basis"] == "metadata" else None
    told = explained(Given(document["source_id"], document["text"], on, genre), asked)
    if options.format == "json":
        _say(as_json(told))
    else:
        for line in as_lines(told, marked=options.what.strip().lower()):
            _say(line)
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    from pipelines.evaluation.annotations import BadAnnotation
    from pipelines.evaluation.report import TABLES, as_json, as_text, evaluated, write_misses

    tables = (options.table,) if options.table else TABLES
    if options.errors is not None and options.half != "open":
        return _complain("What the sealed half gets wrong is not written: it is scored and never read.")
    try:
        found = evaluated(options.half, options.genre)
    except (BadAnnotation, FileNotFoundError) as error:
        return _complain(str(error))
    if not found.whole.n_documents:
        return _complain(
            f"No text of the benchmark is of the genre {options.genre}: {called()} evaluate lists those there are."
        )
    _say(as_json(found, tables) if options.format == "json" else as_text(found, tables).rstrip("\n"))
    if options.errors is not None:
        for file in write_misses(found, options.errors, tables):
            _say(f"{file}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from warehouse.query import NoWarehouse, mend
    from warehouse.snapshots import held

    try:
        with held(options.warehouse) as snapshot:
            return _checked(snapshot, options.warehouse)
    except NoWarehouse as error:
        return _complain(str(error))
    except PermissionError:
        raise
    except OSError as error:
        why = error.strerror or str(error).splitlines()[0]
        return _complain(f"{error.filename or options.warehouse} cannot be read ({why}). {mend(options.warehouse)}")


def _checked(snapshot: Path, warehouse: Path) -> int:
    from warehouse.check import check
    from warehouse.query import mend
    from warehouse.snapshots import inspect

    damaged = inspect(snapshot)
    if damaged:
        return _complain(f"{' '.join(damaged)} {mend(warehouse)}")
    n_rows = n_broken = 0
    for name, rows, found in check(snapshot):
        n_rows += rows
        n_broken += len(found)
        for violation in found[:20]:
            sys.stderr.write(f"part {name}: {violation}\n")
    if n_broken:
        return _complain(f"{n_broken:,} promises are broken among {n_rows:,} rows of {snapshot.name}.")
    _say(f"All {n_rows:,} rows of {snapshot.name} keep the contract.")
    return DONE


def _launcher_only(options: argparse.Namespace) -> int:
    return _complain(
        f"Only the launcher knows the command {options.name}: call {called()} {options.name} in hearsay's folder."
    )


def _dashboard(options: argparse.Namespace) -> int:
    import importlib.util
    import subprocess

    if importlib.util.find_spec("streamlit") is None:
        return _complain(f"The dashboard is not installed: call '{called()} dashboard', which installs it.")
    from warehouse.dashboard.serve import command, environment

    serve = command(options.port, headless=options.no_browser)
    try:
        return subprocess.run(serve, env=environment(options.warehouse), check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return DONE


def _dev(options: argparse.Namespace) -> int:
    import importlib.util

    if importlib.util.find_spec("dagster_webserver") is None:
        return _complain(f"Dagster's web interface is not installed: call '{called()} dev', which installs it.")
    from pipelines.running import history
    from pipelines.running.run import Stop

    warehouse: Path = options.warehouse
    try:
        home = history.home(warehouse)
    except Stop as stop:
        return _complain(str(stop))
    except OSError as error:
        return _complain(f"{error.filename or warehouse} cannot be written: {error.strerror or error}.")
    sources = [str(entered(part)) for part in os.environ.get("HEARSAY_SOURCE", "").split(os.pathsep) if part]
    environment = {
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        **os.environ,
        "DAGSTER_HOME": str(home),
        "HEARSAY_WAREHOUSE": str(warehouse),
        "HEARSAY_SOURCE": os.pathsep.join(sources),
    }
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions"]
    os.chdir(PROJECT)
    # In the place of this process: who stops it stops Dagster, which stops its own. Dagster takes SIGTERM as it takes
    # SIGINT, which a shell has ignored in what it starts in the background: such a server could not be stopped.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return os.execve(sys.executable, [*command, "-h", "127.0.0.1", "-p", str(options.port)], environment)  # noqa: S606


if __name__ == "__main__":
    sys.exit(program())
