"""The command line of this room: read, check, diff, accept, retire, watch, nightly."""

from __future__ import annotations

import argparse
import gc
import signal
import sys

from documentation.fact import PageError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors are one line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m documentation", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser("read", help="print the facts of one page")
    read.add_argument("source", metavar="PAGE", help="a file, - or an https address")
    read.add_argument("--json", action="store_true", help="a JSON list of facts, nothing else")
    read.add_argument("--page", default="", help="the page's name, if not that of its source")
    commands.add_parser("check", help="hold openapi.yaml to all facts, both ways")
    for name, meant in (
        ("diff", "say what changed on a page, and propose an overlay"),
        ("accept", "apply the change: facts, spec, client, probes"),
    ):
        command = commands.add_parser(name, help=meant)
        command.add_argument("source", metavar="PAGE", help="a file, - or an https address")
        command.add_argument(
            "--page", default="", help="the page's name, if not that of its source"
        )
        command.add_argument(
            "--edition-of",
            default="",
            help="the known page that this is a new edition of; - for a page of its own",
        )
    command.add_argument(
        "--take", action="append", default=[], metavar="N=CHOICE", help="what settles question N"
    )
    command.add_argument("--reason", default="", help="why, for conflicts.yaml")
    gone = commands.add_parser("retire", help="deprecate a page's model; once more removes it")
    gone.add_argument("source", metavar="PAGE", help="the page's name, or a model's")
    commands.add_parser("watch", help="read every page of pages.yaml, and propose overlays")
    night = commands.add_parser("nightly", help="accept what needs no decision, on a branch")
    night.add_argument("--no-push", action="store_true", help="leave the branch here")
    options = parser.parse_args(arguments)
    try:
        from documentation import commands as run

        if options.command == "check":
            return run.check_command()
        if options.command == "watch":
            return run.watch_command()
        if options.command == "nightly":
            return run.nightly_command(push=not options.no_push)
        if options.command == "retire":
            return run.retire_command(options.source)
        if options.command == "diff":
            return run.diff_command(options.source, options.page, options.edition_of)
        if options.command == "accept":
            return run.accept_command(
                options.source, options.page, options.edition_of, options.take, options.reason
            )
        return run.read_command(options.source, options.page, as_json=options.json)
    except PageError as error:
        source = "".join(c if c.isprintable() else "?" for c in getattr(options, "source", ""))
        print(f"{source[:120]}: {error}" if source else str(error), file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("ended by a signal: facts, spec and client are as they were", file=sys.stderr)
        return 130


if __name__ == "__main__":
    gc.set_threshold(100_000)  # what is read stays: to look through it for what does not takes time
    for ending in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C, so that nothing is left half done
        signal.signal(ending, signal.default_int_handler)
    sys.exit(main())
