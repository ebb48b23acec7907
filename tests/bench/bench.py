#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs warpreel and ffmpeg turn by turn over the same clips and writes down how they compare.

Every comparison takes several rounds; who begins changes from round to round, so that what the machine
does in between hits both. A ratio is warpreel's rate over ffmpeg's in one round; its median, least and
most are shown. How many frames a comparison runs over is found from first, short runs.
"""

import argparse
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

# Name, chain for warpreel, chain for ffmpeg where it is written differently.
FILTERS = [
    ("none", "", "null"),
    ("bilateral", "bilateral=sigmaS=2:sigmaR=0.1", None),
    ("boxblur", "boxblur", None),
    ("cas", "cas=0.5", None),
    ("colorbalance", "colorbalance=rs=0.2:bh=-0.1", None),
    ("colorchannelmixer", "colorchannelmixer=0.9:0.1:0:0:0:1", None),
    ("crop", "crop=1600:900", None),
    ("curves", "curves=medium_contrast", None),
    ("deband", "deband", None),
    ("eq", "eq=contrast=1.1:saturation=1.2", None),
    ("fade", "fade=in:0:200", None),
    ("format", "format=yuv444p", None),
    ("gblur", "gblur=sigma=1.5", None),
    ("hflip", "hflip", None),
    ("hue", "hue=h=20:s=1.1", None),
    ("lut3d", "lut3d={samples}/grade.cube", None),
    ("median", "median", None),
    ("negate", "negate", None),
    ("nlmeans", "nlmeans", None),
    ("pad", "pad=2048:1200:64:60", None),
    ("rotate", "rotate=0.1", None),
    ("scale", "scale=1280:720", None),
    ("scale-up", "scale=2560:1440", None),
    ("sobel", "sobel", None),
    ("transpose", "transpose", None),
    ("unsharp", "unsharp", None),
    ("vflip", "vflip", None),
    ("vignette", "vignette", None),
    ("chain", "crop=1600:900,eq=contrast=1.1,unsharp,lut3d={samples}/grade.cube,scale=1280:720", None),
]

# Filters after which ffmpeg, writing nothing, leaves RGB where warpreel goes back to what came in: where both do
# one or the other, they do the same work.
LEAVES_RGB = [(name, ours) for name, ours, _ in FILTERS
              if name in ("colorbalance", "colorchannelmixer", "curves", "lut3d")]
SAME_WORK = ([(name + ", and back", ours, ours + ",format={format}") for name, ours in LEAVES_RGB] +
             [(name + ", left in RGB", ours + ",format={rgb}", ours) for name, ours in LEAVES_RGB])

END_TO_END = "unsharp=5:5:1.0,eq=contrast=1.1"
ENCODERS = [
    ("libx264 veryfast", "libx264", "veryfast", "mp4"),
    ("libx264 medium", "libx264", "medium", "mp4"),
    ("ffv1", "ffv1", None, "mkv"),
]


def run(command):
    """Runs a command; returns seconds, seconds of processor time, peak bytes."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        if status:
            said.seek(0)
            sys.exit(f"{' '.join(command)}: {said.read().decode(errors='replace')}")
    return {"seconds": seconds, "processor": usage.ru_utime + usage.ru_stime, "bytes": usage.ru_maxrss * 1024}


class Bench:
    def __init__(self, options):
        self.options = options
        self.samples = os.path.join(os.path.dirname(__file__), "..", "..", "samples")

    def whole_rounds(self):
        """Rounds of whole runs, which take long and vary little."""
        return (self.options.rounds + 1) // 2

    def clip(self, name):
        return os.path.join(self.options.clips, name)

    def written(self, chain, clip):
        """The chain with the names of files and formats for this clip."""
        deep = "noisy-10" in clip
        return chain.format(samples=self.samples, format="yuv420p10" if deep else "yuv420p",
                            rgb="rgb48le" if deep else "rgb24")

    def warpreel(self, clip, chain, frames, output):
        return [os.path.join(self.options.build, "warpreel"), "--quiet", "--device", self.options.device,
                "--threads", str(self.options.threads), "--overwrite", "--frames", str(frames),
                "--filter", self.written(chain, clip), clip] + output

    def ffmpeg(self, clip, chain, frames, output):
        threads = str(self.options.threads)
        return ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", threads, "-filter_threads", threads,
                "-i", clip, "-map", "0", "-vf", self.written(chain, clip),
                "-frames:v", str(frames), "-threads", threads] + output

    @staticmethod
    def measure(commands, rounds):
        """Runs the named commands in turn, round by round; returns the measurements of each."""
        measured = {name: [] for name in commands}
        for turn in range(rounds):
            names = list(commands)
            for name in names if turn % 2 == 0 else reversed(names):
                measured[name].append(run(commands[name]))
        return measured

    def count_frames(self, theirs, ours, most):
        """How many frames take ffmpeg about as long as asked, or up to five times that where warpreel would do
        little more than start and end: between 4 and most."""
        def each(command, frames):
            first, second = (run(command(n))["seconds"] for n in (2, 2 + frames))
            return max((second - first) / frames, 1e-4)
        usual = self.options.seconds / each(theirs, 4)
        return max(4, min(most, round(max(usual, min(5 * usual, self.options.seconds / 3 / each(ours, 12))))))

    def compare_filter(self, name, chain, theirs, bits):
        clip = self.clip(f"noisy-{bits}.nut")
        def ffmpeg(frames):
            return self.ffmpeg(clip, chain if theirs is None else theirs, frames, ["-f", "null", "-"])
        def warpreel(frames):
            return self.warpreel(clip, chain, frames, ["--format", "null", "--output", "-"])
        frames = self.count_frames(ffmpeg, warpreel, 240 if bits == 8 else 120)
        measured = self.measure({"ffmpeg": ffmpeg(frames), "warpreel": warpreel(frames)}, self.options.rounds)
        return self.summary(name, measured, frames) | {"bits": bits, "chain": chain}

    def compare_encoder(self, name, codec, preset, suffix):
        clip = self.clip("noisy.mp4")
        frames = 240
        with tempfile.TemporaryDirectory(dir=self.options.clips) as folder:
            def path(who):
                return os.path.join(folder, f"{who}.{suffix}")
            theirs = ["-c:v", codec] + (["-preset", preset, "-crf", "18"] if preset else [])
            ours = ["--codec", codec] + (["--preset", preset, "--quality", "18"] if preset else [])
            measured = self.measure({
                "ffmpeg": self.ffmpeg(clip, END_TO_END, frames, theirs + [path("ffmpeg")]),
                "warpreel": self.warpreel(clip, END_TO_END, frames, ours + ["--output", path("warpreel")]),
                "decode": self.ffmpeg(clip, "null", frames, ["-f", "null", "-"]),
                "filter": self.warpreel(self.clip("noisy-8.nut"), END_TO_END, frames,
                                        ["--format", "null", "--output", "-"]),
                "encode": self.ffmpeg(self.clip("noisy-8.nut"), "null", frames, theirs + [path("encode")]),
            }, self.whole_rounds())
        parts = sum(statistics.median(m["processor"] for m in measured[part])
                    for part in ("decode", "filter", "encode"))
        mine = [m["processor"] for m in measured["warpreel"]]
        busy = [m["processor"] / m["seconds"] / os.cpu_count() for m in measured["warpreel"]]
        return self.summary(name, measured, frames) | {
            "chain": END_TO_END, "busy": statistics.median(busy), "processor_of_parts": statistics.median(mine) / parts}

    def compare_length(self):
        """Peak memory for a clip, and for one ten times as long."""
        with tempfile.TemporaryDirectory(dir=self.options.clips) as folder:
            one, ten = os.path.join(folder, "one.mp4"), os.path.join(folder, "ten.mp4")
            out = ["--codec", "libx264", "--preset", "ultrafast", "--output", os.path.join(folder, "out.mp4")]
            run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", self.clip("noisy.mp4"), "-frames:v", "72",
                 "-c", "copy", one])
            run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", "9", "-i", one, "-c", "copy", ten])
            return {name: run(self.warpreel(path, END_TO_END, 10**6, out))["bytes"]
                    for name, path in (("once", one), ("ten times", ten))}

    @staticmethod
    def summary(name, measured, frames):
        ratios = [f["seconds"] / w["seconds"] for f, w in zip(measured["ffmpeg"], measured["warpreel"])]
        result = {"name": name, "frames": frames,
                  "ratio": {"median": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}}
        for who in ("ffmpeg", "warpreel"):
            result[who] = {
                "fps": frames / statistics.median(m["seconds"] for m in measured[who]),
                "processor": statistics.median(m["processor"] for m in measured[who]),
                "bytes": statistics.median(m["bytes"] for m in measured[who]),
            }
        return result


def machine():
    """The machine in words: processor, cores, memory, programs."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True).stdout.split()[2]
    return {"processor": models[0] if models else platform.machine(), "cores": os.cpu_count(),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
            "system": platform.system() + " " + platform.release().split("-")[0], "ffmpeg": version}


def row(result):
    ratio = result["ratio"]
    name = result["name"] + (f", {result['bits']} bits" if "bits" in result else "")
    cells = [name, f"{result['ffmpeg']['fps']:.1f}", f"{result['warpreel']['fps']:.1f}", f"**{ratio['median']:.2f}**",
             f"{ratio['least']:.2f} to {ratio['most']:.2f}"]
    for what, scale in (("bytes", 2**20), ("processor", 1)):
        digits = 0 if what == "bytes" else 2
        cells += [f"{result[who][what] / scale:.{digits}f}" for who in ("ffmpeg", "warpreel")]
    return "| " + " | ".join(cells) + " |"


HEAD = """| | ffmpeg, fps | warpreel, fps | ratio | least to most | ffmpeg, MiB | warpreel, MiB | ffmpeg, CPU s | warpreel, CPU s |
|---|---:|---:|---:|---|---:|---:|---:|---:|"""


def table(results):
    about = results["machine"]
    lines = ["# warpreel beside ffmpeg", "",
             f"{about['processor']}, {about['cores']} cores, {about['memory_gib']} GiB; {about['system']}; "
             f"FFmpeg {about['ffmpeg']}; {results['rounds']} rounds, {results['whole_rounds']} of whole runs, "
             f"{results['threads']} threads, device "
             f"{results['device']}. 1080p, 4:2:0, raw video in, nothing out; ratio: warpreel's rate over ffmpeg's in "
             "the same round, median.", "", HEAD]
    lines += [row(result) for result in results["filters"]]
    apart = {name for name, _, _ in SAME_WORK}
    measured = [r["ratio"]["median"] for r in results["filters"] if r["name"] not in apart]
    if measured:
        mean = math.exp(statistics.mean(math.log(ratio) for ratio in measured))
        lines += ["", f"Geometric mean of the ratios: {mean:.2f}, without "
                  "the rows \"and back\" and \"left in RGB\": after these filters ffmpeg leaves RGB, of 8 bits "
                  "where the source has them, and warpreel goes back to what came in. In those rows both go back, or "
                  "neither does."]
    if results["end_to_end"]:
        lines += ["", f"From an H.264 file through `{END_TO_END}` into a file:", "", HEAD]
        lines += [row(result) for result in results["end_to_end"]]
        lines += [""] + [f"{r['name']}: cores {100 * r['busy']:.0f} % busy; processor time "
                         f"{r['processor_of_parts']:.2f} of decoding, filtering and encoding alone together"
                         for r in results["end_to_end"]]
        length = results["memory"]
        lines += ["", f"Peak memory {length['once'] / 2**20:.0f} MiB, for a file ten times as long "
                      f"{length['ten times'] / 2**20:.0f} MiB."]
    return "\n".join(lines) + "\n"


def plot(results):
    """Bars of the ratios, on a scale of powers of two."""
    bars = results["filters"] + results["end_to_end"]
    height, left, right = 18, 250, 960
    spans = [math.log2(max(b["ratio"]["most"], 1)) for b in bars] + [1]
    low, high = min([math.log2(b["ratio"]["least"]) for b in bars] + [-0.5]), max(spans) + 0.2

    def across(ratio):
        return left + (math.log2(ratio) - low) / (high - low) * (right - left)

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{right + 60}" height="{height * len(bars) + 60}" '
             'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>',
             f'<text x="{left}" y="16">warpreel\'s rate over ffmpeg\'s: median, least to most</text>']
    for power in range(math.ceil(low), math.floor(high) + 1):
        x = across(2.0 ** power)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="26" y2="{height * len(bars) + 34}" '
                     f'stroke="{"#000" if power == 0 else "#ccc"}"/>'
                     f'<text x="{x:.1f}" y="{height * len(bars) + 50}" text-anchor="middle">{2.0 ** power:g}</text>')
    for number, bar in enumerate(bars):
        ratio, y = bar["ratio"], 30 + number * height
        x, end = sorted((across(1), across(ratio["median"])))
        name = bar["name"] + (f", {bar['bits']} bits" if "bits" in bar else "")
        lines.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{name}</text>'
                     f'<rect x="{x:.1f}" y="{y + 3}" width="{end - x:.1f}" height="{height - 6}" '
                     f'fill="{"#5a9" if ratio["median"] >= 1 else "#c66"}"/>'
                     f'<line x1="{across(ratio["least"]):.1f}" x2="{across(ratio["most"]):.1f}" '
                     f'y1="{y + height / 2}" y2="{y + height / 2}" stroke="#333"/>'
                     f'<text x="{across(ratio["most"]) + 6:.1f}" y="{y + 13}">{ratio["median"]:.2f}</text>')
    return "\n".join(lines + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description="warpreel beside ffmpeg, turn by turn")
    parser.add_argument("--build", required=True)
    parser.add_argument("--clips", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="about how long ffmpeg's part of a round takes")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--bits", type=int, nargs="*", default=[8, 10], choices=[8, 10])
    parser.add_argument("--only", nargs="*", help="names of filters; 'encoders' stands for whole runs")
    parser.add_argument("--out", help="where NAME.md, NAME.json and NAME.svg go; otherwise the table is only printed")
    bench = Bench(parser.parse_args())
    options = bench.options

    wanted = [f for f in FILTERS + SAME_WORK if not options.only or f[0] in options.only]
    results = {"machine": machine(), "rounds": options.rounds, "whole_rounds": bench.whole_rounds(),
               "threads": options.threads, "device": options.device, "filters": [], "end_to_end": []}
    for bits in options.bits:
        run(["cat", bench.clip(f"noisy-{bits}.nut")])  # so that nobody waits for the disk
        for name, ours, theirs in wanted:
            results["filters"].append(bench.compare_filter(name, ours, theirs, bits))
            print(row(results["filters"][-1]), flush=True)
    if not options.only or "encoders" in options.only:
        for encoder in ENCODERS:
            results["end_to_end"].append(bench.compare_encoder(*encoder))
            print(row(results["end_to_end"][-1]), flush=True)
        results["memory"] = bench.compare_length()
    print("\n" + table(results))
    if options.out:
        for suffix, text in (("md", table(results)), ("json", json.dumps(results, indent=1) + "\n"),
                             ("svg", plot(results))):
            with open(f"{options.out}.{suffix}", "w", encoding="utf-8") as file:
                file.write(text)


if __name__ == "__main__":
    main()
