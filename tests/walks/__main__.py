"""python -m tests.walks --walks 5000 --seed 1: walk, and say what differed."""

import argparse
import sys
import time
from collections import Counter
from contextlib import nullcontext

from engine.workflow import rules
from tests.walks.walk import Difference, Walk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("--walks", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="number of the first walk")
    parser.add_argument("--without", choices=("prune", "inclusive_rule"), help="switch one of our rules off")
    parser.add_argument("--show", type=int, default=3, help="how many differences to print in full")
    options = parser.parse_args()
    began, steps, found = time.process_time(), 0, Counter[str]()
    with rules.switched(**{options.without: False}) if options.without else nullcontext():
        for number in range(options.seed, options.seed + options.walks):
            try:
                steps += Walk(number).run()
            except Difference as difference:
                found[difference.what] += 1
                if found.total() <= options.show:
                    print(difference, file=sys.stderr)
    seconds = time.process_time() - began
    print(
        f"{options.walks} walks, {steps} steps in those that agreed, {found.total()} differences, {seconds:.1f} s CPU"
    )
    for what, count in found.most_common():
        print(f"  {what}: {count}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
