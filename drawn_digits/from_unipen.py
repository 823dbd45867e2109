"""Turns pen strokes from the UCI data set 81 into a drawings file, on standard output.

    python3 from_unipen.py pendigits-orig.tes > pendigits-test.jsonl

Digits look like this, with y pointing up inside a box of 500 by 500; numbers behind a comment are the digit, the
writer and the place in the file:

    .SEGMENT DIGIT 0-1 ? "4"
    .COMMENT 4 12 224
    .PEN_DOWN
      267  333
    .PEN_UP
"""

import json
import re
import sys

BOX = 500


def digits(lines):
    digit = None
    for line in lines:
        words = line.split()
        if line.startswith(".SEGMENT DIGIT"):
            if digit:
                yield digit
            label = re.search(r'"(\d)"', line)
            if not label:
                sys.exit(f"no digit between quotation marks: {line.strip()}")
            digit = {"label": int(label[1]), "size": [BOX, BOX], "strokes": []}
        elif digit is None:
            continue
        elif line.startswith(".COMMENT") and len(words) == 4:
            digit["writer"] = int(words[2])
        elif line.startswith(".PEN_DOWN"):
            digit["strokes"].append([])
        elif len(words) == 2 and not line.startswith("."):
            x, y = map(int, words)
            digit["strokes"][-1].append([x, BOX - y])
    if digit:
        yield digit


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="latin-1") as file:
        for digit in digits(file):
            print(json.dumps(digit, separators=(",", ":")))
