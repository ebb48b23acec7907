#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Networks beside ONNX Runtime on the CPU: memory, processor time and how far the results differ.

tests/bench/networks.py [--size 960x540] [--threads 1] [--rounds 3] [--out FILE.md] PROGRAM MODEL.onnx...

Needs numpy, onnxruntime and ffmpeg. Both programs take turns on the same picture of 16 bits."""
import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile

NOISE = 15 / 255  # what a model with a channel for noise is told


def run(command):
    """Processor seconds of a command that must succeed, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stderr.strip()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


class Ours:
    """The program on a clip of several equal frames."""

    FRAMES = 3

    def __init__(self, options, model, folder):
        self.options, self.model, self.folder = options, model, folder
        text = run([options.program, "--describe-model", model])[1]
        self.channels, self.makes = map(int, re.search(r"channels +(\d+) in, (\d+) out", text).groups())
        self.live = float(re.search(r"activations +([\d.]+) values", text)[1])
        self.colors = 1 if self.channels < 3 else 3
        self.layout = "gray16le" if self.colors == 1 else "gbrp16le"
        self.clip = os.path.join(folder, "clip.nut")
        source = f"testsrc2=size={options.size}:rate=1,noise=alls=12,format={self.layout}"
        run(["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-frames:v", "1",
             "-c:v", "rawvideo", os.path.join(folder, "one.nut")])
        run(["ffmpeg", "-v", "error", "-y", "-stream_loop", str(self.FRAMES - 1), "-i",
             os.path.join(folder, "one.nut"), "-c", "copy", self.clip])

    def command(self, *words):
        return [self.options.program, "--device", "cpu", "--threads", str(self.options.threads),
                "--instances", "1", "-f", f"dnn_processing=model={self.model}", self.clip, *words]

    def memory(self):
        """Bytes that lie between the layers."""
        text = run(self.command("--estimate"))[1]
        return float(re.search(r"^ *\d+\* +([\d.]+)", text, re.M)[1]) * 2**20

    def seconds(self):
        """Processor seconds of one frame: of all frames, without those of the first alone."""
        times = [run(self.command("-q", "-y", "--frames", str(n), "--codec", "rawvideo", "-o",
                              os.path.join(self.folder, "out.nut")))[0]
                 for n in (1, self.FRAMES)]
        return (times[1] - times[0]) / (self.FRAMES - 1)

    def pixels(self, name):
        """Planes of the first frame, in the order of the model's channels, 0 to 1."""
        import numpy
        raw = os.path.join(self.folder, "raw")
        run(["ffmpeg", "-v", "error", "-y", "-i", os.path.join(self.folder, name), "-frames:v", "1",
             "-pix_fmt", self.layout, "-f", "rawvideo", raw])
        planes = numpy.fromfile(raw, "<u2").reshape(self.colors, -1) / numpy.float32(65535)
        return planes if self.colors == 1 else planes[[2, 0, 1]]


def theirs(path):
    """Runs a model in ONNX Runtime: prints bytes that the run added, and processor seconds."""
    import time
    import numpy
    import onnxruntime
    model, threads, given, made = path
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    picture = numpy.load(given)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        result = session.run(None, {name: picture})[0]
        best = min(best, time.process_time() - start)
    numpy.save(made, result)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, best)


def before_rounding(got, want):
    """PSNR in dB between results in floats, of which the first is known after rounding to 16 bits only.

    Values that are a distance apart, and are rounded, become different numbers in that part of the cases in which a
    border between two numbers lies between them. So the mean distance of the rounded values is that of the values.
    From it follows the root of the mean square, for differences that are distributed normally."""
    import numpy
    levels = 65535
    numbers = numpy.rint(got.astype(numpy.float64) * levels)
    others = numpy.floor(numpy.clip(want.astype(numpy.float64), 0, 1) * levels + 0.5)
    distance = float(numpy.mean(abs(numbers - others))) / levels
    return -20 * numpy.log10(distance * numpy.sqrt(numpy.pi / 2)) if distance else float("inf")


def one_model(options, model):
    import numpy
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options, model, folder)
        width, height = map(int, options.size.split("x"))
        picture = ours.pixels("one.nut").reshape(ours.colors, height, width)
        if ours.channels > ours.colors:
            picture = numpy.concatenate([picture, numpy.full((1, height, width), NOISE)])
        given, made = os.path.join(folder, "given.npy"), os.path.join(folder, "made.npy")
        numpy.save(given, picture[None].astype(numpy.float32))
        times, other = [], []
        for _ in range(options.rounds):
            times.append(ours.seconds())
            said = run([sys.executable, __file__, "--theirs", model, str(options.threads), given, made])[1].split()
            other.append((float(said[1]), float(said[0])))
        psnr = before_rounding(ours.pixels("out.nut"), numpy.load(made).reshape(ours.colors, -1))
        mib = 2**20
        bound = ours.live * width * height * 4
        return (os.path.basename(model), bound / mib, ours.memory() / mib, other[0][1] / mib, psnr,
                min(times), min(o[0] for o in other))


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--theirs":
        return theirs(sys.argv[2:])
    parser = argparse.ArgumentParser(description="networks beside ONNX Runtime, turn by turn")
    parser.add_argument("--size", default="960x540")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out")
    parser.add_argument("program")
    parser.add_argument("models", nargs="+")
    options = parser.parse_args()
    import onnxruntime
    lines = [f"{options.size}, {options.threads} thread{'s' * (options.threads > 1)}, rounds: {options.rounds}, the best "
             f"of each, turn by turn with ONNX Runtime {onnxruntime.__version__}.", "",
             "| model | bound, MiB | ours, MiB | ONNX Runtime, MiB | PSNR, dB | ours, s | ONNX Runtime, s | rate |",
             "|---|---|---|---|---|---|---|---|"]
    for model in options.models:
        name, bound, ours, other, psnr, mine, their = one_model(options, model)
        lines.append(f"| {name} | {bound:.0f} | {ours:.0f} | {other:.0f} | {psnr:.1f} | {mine:.2f} | {their:.2f} "
                     f"| {their / mine:.2f} |")
        print(lines[-1], flush=True)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
