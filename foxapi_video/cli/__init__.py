"""The command line, `foxapi-video`. It needs typer and rich, which the extra `cli` brings."""

# Nothing else is imported before main: Ctrl-C is heard from there on.
import sys


def main() -> None:
    """Run the command line, and exit with a code that says how it ended."""
    try:
        _main()
    except KeyboardInterrupt:  # while it was loaded
        sys.exit(130)


def _main() -> None:
    import gc

    from foxapi_video.cli.streams import StandardOutputError, guard

    guard()
    # What httpx and httpcore would load where it is installed, and is of no use here.
    for unused in ("httpx._main", "trio"):
        sys.modules.setdefault(unused, None)  # type: ignore[arg-type]
    gc.disable()
    try:
        from foxapi_video.cli.app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("typer", "rich"):
            raise
        sys.exit("error: the command line needs two more packages: pip install typer rich")
    from foxapi_video.cli.endings import Interrupted

    if hasattr(gc, "freeze"):  # or a quarter of a short command is a search for garbage in modules
        gc.freeze()
    gc.enable()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except StandardOutputError as error:  # of a help, say: commands tell their own
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)
    except Interrupted as error:  # in a moment before or after what a command does
        sys.exit(128 + error.signal)


__all__ = ["main"]
