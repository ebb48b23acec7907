#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures filters over the ranges of their sizes, beside one or more ffmpeg programs.

A figure is the processor time of one frame in milliseconds, user and system, reading the raw clip included: the
least of several rounds, in which the programs take turns. A ratio is ffmpeg's figure over warpreel's. A step is
the ratio of warpreel's figure to that of the size before it in the same sweep, or the other way round, without
what reading takes.
"""

import argparse
import functools
import json
import math
import os
import statistics
import subprocess

from bench import machine, run


def sizes(form, values):
    return [form.format(value) for value in values]


# Clips, and how many frames they have to spare.
CLIPS = {"noisy-8.nut": ("1080p, 8 bits", 236), "noisy-10.nut": ("1080p, 10 bits", 116),
         "noisy-4k.nut": ("2160p, 8 bits", 36)}

SCALES = ("240:136", "480:270", "960:540", "1280:720", "2560:1440")
FLAGS = ("neighbor", "area", "fast_bilinear", "bilinear", "bicubic", "lanczos")

# What each clip is run through: name, chains. Chains of one sweep grow in one size, so that a step between two of them
# means something; where they do not, the name is in NO_STEPS. "none" comes first: what reading takes.
NO_STEPS = ("none", "points", "rotate", "format", "windows")
NONE = ("none", ["null"])
SIZES = [
    ("points", ["eq=contrast=1.1:saturation=1.2", "negate", "hflip", "transpose"]),
    ("boxblur", sizes("boxblur={0}:1", [1, 2, 3, 4, 5, 8, 9, 16, 32, 70, 140, 200])),
    ("unsharp", sizes("unsharp={0}:{0}:1", [3, 5, 7, 9, 11, 13])),
    ("gblur", sizes("gblur=sigma={0}", [0.5, 1, 2, 3, 4, 5, 7, 10, 20, 30, 50])),
    ("rotate", ["rotate=PI", "rotate=PI/2:ow=ih:oh=iw", "rotate=3*PI/2:ow=ih:oh=iw", "rotate=0.1"]),
    ("format", sizes("format={0}", ["gbrp", "rgb24", "bgra", "yuv444p"])),
    ("windows", ["sobel", "cas=0.5", "bilateral=sigmaS=2:sigmaR=0.1", "bilateral=sigmaS=8:sigmaR=0.1"]),
] + [("scale " + flags, [f"scale={size}:flags={flags}" for size in SCALES]) for flags in FLAGS]
MEDIAN = ("median", sizes("median={0}", [1, 2, 3, 4, 5, 7, 10, 20, 40, 60]))
SWEEPS = [("noisy-8.nut", [NONE, *SIZES, MEDIAN]),
          ("noisy-4k.nut", [NONE, ("points", ["negate", "transpose"])]),
          ("noisy-10.nut", [NONE, *SIZES])]


def command(program, clip, chain, options, frames):
    if program == "warpreel":
        return [os.path.join(options.build, "warpreel"), "-q", "--device", "cpu", "--threads", "1",
                "--frames", str(frames), "-f", chain, clip, "--format", "null", "-o", "-"]
    return [program, "-nostdin", "-v", "error", "-threads", "1", "-filter_threads", "1", "-i", clip, "-vf", chain,
            "-frames:v", str(frames), "-f", "null", "-"]


def measure(programs, clip, most, chain, options):
    """Milliseconds of processor time of one frame, for each program."""
    each = {}
    for program in programs:  # short runs find out how many frames are worth running
        least = [run(command(program, clip, chain, options, n))["processor"] for n in (2, 6)]
        each[program] = max((least[1] - least[0]) / 4, 1e-4)
    frames = {program: max(4, min(most, round(options.seconds / each[program]))) for program in programs}
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


def known_as(program):
    return program if program == "warpreel" else "FFmpeg " + version(program)


@functools.cache
def version(program):
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stdout
    return said.split()[2].split("-")[0].lstrip("n")


def head(heads):
    about = machine()
    titles = ["", "warpreel", *heads, *(f"ratio to {h.split()[1]}" for h in heads), "step"]
    return [f"{about['processor']}, {about['cores']} cores; {about['system']}; one thread each; load when begun "
            f"{os.getloadavg()[0]:.1f}. Milliseconds of processor time for a frame, 4:2:0; ratio: FFmpeg's over "
            "warpreel's.", "", "| " + " | ".join(titles) + " |", "|---|" + "---:|" * (len(titles) - 1)]


def run_clip(clip, sweeps, programs, options, lines, results):
    """Adds a row of the table for each chain."""
    about, frames = CLIPS[clip]
    lines.append(f"| **{about}** |" + " |" * (2 * len(programs)))
    reading = 0
    for name, chains in sweeps:
        if options.only and name not in options.only and name != "none":
            continue
        before = None
        for chain in chains:
            found = measure(programs, os.path.join(options.clips, clip), frames, chain, options)
            reading = found["warpreel"] if name == "none" else reading
            lines.append("| " + " | ".join(row(chain, found, programs, before, reading)) + " |")
            print(lines[-1], flush=True)
            results.append({"sweep": name, "clip": clip, "chain": chain,
                            "milliseconds": {known_as(p): found[p] for p in programs}})
            before = None if name in NO_STEPS else found["warpreel"]


def behind(results, program, title):
    """Says which chains take warpreel longer than a program, by more than a tenth."""
    name = known_as(program)
    slow = [f"`{r['chain']}` ({CLIPS[r['clip']][0]})" for r in results
            if r["milliseconds"][name] < 0.9 * r["milliseconds"]["warpreel"]]
    ratios = [r["milliseconds"][name] / r["milliseconds"]["warpreel"] for r in results]
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    return (f"{title}: geometric mean of {len(ratios)} ratios {mean:.2f}; {len(slow)} below 0.9"
            + (": " + ", ".join(slow) if slow else "") + ".\n")


def main():
    parser = argparse.ArgumentParser(description="sizes of filters, beside ffmpeg")
    parser.add_argument("--build", required=True)
    parser.add_argument("--clips", required=True)
    parser.add_argument("--ffmpeg", action="append", help="a program to compare with; may be given several times")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.6, help="about how long each run takes")
    parser.add_argument("--only", nargs="*", help="names of sweeps")
    parser.add_argument("--clip", nargs="*", choices=list(CLIPS), help="some of the clips only")
    parser.add_argument("--out", help="where NAME.md and NAME.json go; otherwise the table is only printed")
    options = parser.parse_args()
    programs = ["warpreel"] + (options.ffmpeg or ["ffmpeg"])
    heads = [f"FFmpeg {version(p)}" for p in programs[1:]]
    lines, results = head(heads), []
    print("\n".join(lines), flush=True)
    for clip, sweeps in SWEEPS:
        if not options.clip or clip in options.clip:
            run_clip(clip, sweeps, programs, options, lines, results)
    lines += [""] + [behind(results, programs[n + 1], heads[n]) for n in range(len(heads))]
    if options.out:
        with open(options.out + ".md", "w", encoding="utf-8") as file:
            file.write("# Sizes of filters\n\n" + "\n".join(lines) + "\n")
        with open(options.out + ".json", "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)
            file.write("\n")


main()
