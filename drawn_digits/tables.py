"""Prints the tables of DRAWN_DIGITS.md, from what `inkgrad eval --json` says, or puts them in their place there.

    python3 drawn_digits/tables.py pendigits-train.jsonl [MODEL …] [--inkgrad PROGRAM] [--into DRAWN_DIGITS.md]

MODEL is a name or a file, as for `inkgrad eval`; by default the three that come with Inkgrad.
"""

import argparse
import contextlib
import io
import json
import pathlib
import statistics
import subprocess

BEGIN, END = "<!-- tables.py writes what follows -->\n", "<!-- until here -->"

WRITERS = "25-30"


def score(options, model, *data):
    command = [options.inkgrad, "eval", model, "--json", *data]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def percent(score):
    return f"{100 * score['accuracy']:.2f} % ± {100 * score['two_sigma']:.2f}"


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def rule(columns):
    print("|" + "---|" * columns)


def overview(scores):
    row("model", "pen, writers 25–30", "mean of the writers, spread", "worst writer", "practice digits", "MNIST test")
    rule(6)
    for model, (pen, practice, mnist) in scores.items():
        writers = [writer["accuracy"] for writer in pen["writers"]]
        worst = min(pen["writers"], key=lambda writer: writer["accuracy"])
        row(
            f"`{model}`",
            percent(pen),
            f"{100 * statistics.mean(writers):.2f} %, {100 * statistics.stdev(writers):.2f}",
            f"{worst['writer']}: {100 * worst['accuracy']:.2f} %",
            percent(practice),
            percent(mnist),
        )


def by_writer(scores):
    numbers = [writer["writer"] for writer in next(iter(scores.values()))[0]["writers"]]
    row("writer", *numbers)
    rule(1 + len(numbers))
    for model, (pen, _, _) in scores.items():
        row(f"`{model}`", *(f"{100 * writer['accuracy']:.2f} %" for writer in pen["writers"]))
    row("digits", *(writer["n"] for writer in next(iter(scores.values()))[0]["writers"]))


def confusion(score):
    row("", *range(10))
    rule(11)
    for truth, answers in enumerate(score["confusion"]):
        row(f"**{truth}**", *(count or "·" for count in answers))


def tables(options):
    scores = {
        model: (
            score(options, model, "--data", options.strokes, "--writers", WRITERS),
            score(options, model, "--data", "practice"),
            score(options, model, "--data", "mnist"),
        )
        for model in options.models
    }
    overview(scores)
    print("\nThe pen, writer by writer:\n")
    by_writer(scores)
    for model, (pen, _, _) in scores.items():
        print(f"\n`{model}`, the pen: rows are what was meant, columns what was answered.\n")
        confusion(pen)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("strokes", help="the pen strokes as a drawings file")
    parser.add_argument("models", nargs="*", default=["textbook", "default", "record"])
    parser.add_argument("--inkgrad", default="inkgrad")
    parser.add_argument("--into", type=pathlib.Path, help="a page with two comments around the tables")
    options = parser.parse_intermixed_args()
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        tables(options)
    if options.into is None:
        print(text.getvalue(), end="")
        return
    before, rest = options.into.read_text().split(BEGIN)
    _, after = rest.split(END)
    options.into.write_text(f"{before}{BEGIN}\n{text.getvalue()}\n{END}{after}")


if __name__ == "__main__":
    main()
