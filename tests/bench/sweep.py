#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures filters over the ranges of their sizes, beside one or more ffmpeg programs.

A figure is the processor time of one 1080p frame in milliseconds, user and system, reading the raw clip included: the
least of several rounds, in which the programs take turns. A ratio is ffmpeg's figure over warpreel's. A step is
the ratio of warpreel's figure to that of the size before it in the same sweep, or the other way round, without
what reading takes.
"""

import argparse
import json
import os
import subprocess

from bench import machine, run


def sizes(form, values):
    return [form.format(value) for value in values]


# Name, chains. Chains of one sweep grow in one size, so that a step between two of them means something.
SWEEPS = [
    ("none", ["null"]),
    ("boxblur", sizes("boxblur={0}:1", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 32, 50, 70, 100, 140, 200])),
    ("unsharp", sizes("unsharp={0}:{0}:1", [3, 5, 7, 9, 11, 13])),
    ("gblur", sizes("gblur=sigma={0}", [0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 100])),
    ("median", sizes("median={0}", [1, 2, 3, 4, 5, 7, 10, 20, 40, 60])),
    ("rotate", ["rotate=PI", "rotate=PI/2", "rotate=PI/2:ow=ih:oh=iw", "rotate=3*PI/2:ow=ih:oh=iw", "rotate=0.1"]),
    ("format", sizes("format={0}", ["gbrp", "rgb24", "bgra", "yuv444p"])),
]
SWEEPS += [("scale " + flags, [f"scale={size}:flags={flags}" for size in ("240:136", "480:270", "1280:720", "2560:1440")])
           for flags in ("neighbor", "area", "bilinear", "bicubic", "lanczos")]


def command(program, clip, chain, options, frames):
    if program == "warpreel":
        return [os.path.join(options.build, "warpreel"), "-q", "--device", "cpu", "--threads", "1", "--frames", str(frames),
                "-f", chain, clip, "--format", "null", "-o", "-"]
    return [program, "-nostdin", "-v", "error", "-threads", "1", "-filter_threads", "1", "-i", clip, "-vf", chain,
            "-frames:v", str(frames), "-f", "null", "-"]


def measure(programs, clip, chain, options):
    """Milliseconds of processor time of one frame, for each program."""
    each = {}
    for program in programs:  # short runs find out how many frames are worth running
        least = [run(command(program, clip, chain, options, n))["processor"] for n in (2, 6)]
        each[program] = max((least[1] - least[0]) / 4, 1e-4)
    frames = {program: max(4, min(options.frames, round(options.seconds / each[program]))) for program in programs}
    best = {}
    for _ in range(options.rounds):
        for program in programs:
            few, many = (run(command(program, clip, chain, options, n))["processor"] for n in (2, 2 + frames[program]))
            value = 1000 * (many - few) / frames[program]
            best[program] = min(best.get(program, value), value)
    return best


def row(chain, found, programs, before, reading):
    ours = found["warpreel"]
    theirs = [program for program in programs if program != "warpreel"]
    cells = [f"`{chain}`", f"{ours:.2f}"] + [f"{found[p]:.2f}" for p in theirs]
    cells += [f"**{found[p] / ours:.2f}**" for p in theirs]
    if before is None:
        return cells + [""]
    a, b = max(ours - reading, 0.01), max(before - reading, 0.01)
    return cells + [f"{max(a, b) / min(a, b):.1f}"]


def version(program):
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split("-")[0]


def main():
    parser = argparse.ArgumentParser(description="sizes of filters, beside ffmpeg")
    parser.add_argument("--build", required=True)
    parser.add_argument("--clips", required=True)
    parser.add_argument("--ffmpeg", action="append", help="a program to compare with; may be given several times")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=60, help="at most so many")
    parser.add_argument("--seconds", type=float, default=0.6, help="about how long each run takes")
    parser.add_argument("--only", nargs="*", help="names of sweeps")
    parser.add_argument("--out", help="where NAME.md and NAME.json go; otherwise the table is only printed")
    options = parser.parse_args()
    programs = ["warpreel"] + (options.ffmpeg or ["ffmpeg"])
    clip = os.path.join(options.clips, "noisy-8.nut")
    about, results = machine(), []
    heads = [f"FFmpeg {version(p)}" for p in programs[1:]]
    lines = [f"{about['processor']}, {about['cores']} cores; {about['system']}; one thread each; load when begun "
             f"{os.getloadavg()[0]:.1f}. Milliseconds of processor time for a 1080p frame, 8 bits, 4:2:0.", "",
             "| | warpreel | " + " | ".join(heads) + " | " + " | ".join(f"ratio to {h.split()[1]}" for h in heads) + " | step |",
             "|---|" + "---:|" * (2 * len(heads) + 2)]
    print("\n".join(lines), flush=True)
    reading = 0
    for name, chains in SWEEPS:
        if options.only and name not in options.only and name != "none":
            continue
        before = None
        for chain in chains:
            found = measure(programs, clip, chain, options)
            reading = found["warpreel"] if name == "none" else reading
            lines.append("| " + " | ".join(row(chain, found, programs, before, reading)) + " |")
            print(lines[-1], flush=True)
            results.append({"sweep": name, "chain": chain, "milliseconds": found})
            before = found["warpreel"] if name not in ("rotate", "format") else None
    if options.out:
        with open(options.out + ".md", "w", encoding="utf-8") as file:
            file.write("# Sizes of filters\n\n" + "\n".join(lines) + "\n")
        with open(options.out + ".json", "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


main()
