// SPDX-License-Identifier: MIT
// One row for each option.
#include "cli/option_rows.h"

// clang-format off
// A row begins with its field, whose type says how the argument is read.
#define FIELD(member)                                                                             \
    .offset = offsetof(struct wr_settings, member),                                               \
    .kind = _Generic(((struct wr_settings *)0)->member,                                           \
        const char *: WR_OPTION_TEXT,                                                                       \
        const char *const *: WR_OPTION_TEXTS,                                                               \
        int: WR_OPTION_INTEGER,                                                                             \
        int64_t: WR_OPTION_LARGE,                                                                           \
        double: WR_OPTION_SECONDS,                                                                          \
        bool: WR_OPTION_SWITCH,                                                                             \
        enum wr_others: WR_OPTION_CHOICE,                                                                   \
        enum wr_on_change: WR_OPTION_CHOICE,                                                                \
        enum wr_fps_mode: WR_OPTION_CHOICE,                                                                 \
        enum wr_progress_mode: WR_OPTION_CHOICE)

const struct wr_option_row wr_option_rows[] = {
    {FIELD(job.chain), "filter", 'f', "CHAIN",
     "filters to run, in this order, in the grammar of FFmpeg's -vf", .alias = "vf"},
    {FIELD(job.native), "native", 0, NULL,
     "refuse filters that warpreel has no kernels for, rather than run FFmpeg's own on the CPU"},
    {FIELD(job.inputs), "input", 0, "FILE",
     "a further file whose pictures the chain takes as [1:v], the next as [2:v]; may be given several times"},
    {FIELD(job.no_autorotate), "no-autorotate", 0, NULL,
     "filter pictures as they are stored, also where the file says how players are to turn them; the output says the same",
     .alias = "noautorotate"},
    {FIELD(job.output), "output", 'o', "PATH",
     "file to write; - is standard output, for which the container has to be named", .is_made = true},
    {FIELD(job.codec), "codec", 'c', "NAME",
     "FFmpeg's name of the video encoder; otherwise the usual one for the container"},
    {FIELD(job.quality), "quality", 0, "VALUE",
     "constant quality on the encoder's own scale (libx264: 0 best to 51, 18 unless given)"},
    {FIELD(job.preset), "preset", 0, "NAME",
     "the encoder's own trade of speed for size, such as fast or slow"},
    {FIELD(job.encoder_options), "encoder-option", 0, "K=V",
     "option of the encoder by FFmpeg's name; may be given several times; K?=V only if it has one"},
    {FIELD(job.pix_fmt), "pix-fmt", 0, "NAME",
     "pixel format to encode in, made as by the filter format; otherwise the source's bit depth and chroma layout are kept, and pictures and GIF get what their viewers show"},
    {FIELD(job.audio), "audio", 0, "copy|none|CODEC[:OPTIONS]",
     "what becomes of sound: copied only, left out, or encoded anew, as in aac:b=128k:ar=44100; otherwise it is copied, or converted where the container cannot hold it"},
    {FIELD(job.tag), "tag", 0, "NAME",
     "four letters that name the video's codec in the container, such as hvc1"},
    {FIELD(job.format), "format", 0, "NAME",
     "FFmpeg's name of the container; otherwise chosen by the output's suffix"},
    {FIELD(job.muxer_options), "muxer-option", 0, "K=V",
     "option of the container by FFmpeg's name; may be given several times; K?=V only if it has one"},
    {FIELD(job.size), "size", 0, "WxH",
     "scale to this size after all filters, as 1280x720 or hd720"},
    {FIELD(job.rate), "rate", 0, "RATE",
     "repeat and drop frames after all filters for this constant frame rate, as 25 or 30000/1001"},
    {FIELD(job.fps_mode), "fps-mode", 0, "keep|vfr|cfr|auto",
     "keep all frames at their times, drop those that come faster than the frame rate, make the "
     "rate constant, or choose as ffmpeg does after filters that change times"},
    {FIELD(job.aspect), "aspect", 0, "RATIO",
     "proportion in which the picture is shown, as 16:9 or 1.85; changes no pixel"},
    {FIELD(engine.device), "device", 'd', "auto|cpu|cuda[:N]",
     "where filters run; the results are the same bits"},
    {FIELD(engine.batch), "batch", 'b', "N",
     "frames that are filtered together; does not change the output; 0 takes 16, or fewer where "
     "memory is short",
     0, 256},
    {FIELD(engine.threads), "threads", 'j', "N",
     "threads of codecs and of filters on the CPU; 0 uses all processors", 0, 1024},
    {FIELD(engine.instances), "instances", 0, "N",
     "batches that run at the same time, so that copies overlap kernels; 0 chooses", 0, 8},
    {FIELD(engine.memory_limit), "memory-limit", 0, "SIZE",
     "take the largest batch, up to 16, with which the filters hold no more memory than this on the "
     "device; K, M, G and T stand for powers of 1024",
     1, INT64_MAX, .is_size = true},
    {FIELD(engine.max_wait), "max-wait", 0, "SECONDS",
     "filter a batch that is not full when its oldest frame has waited so long, as for inputs that "
     "are live; otherwise a frame waits until the batch is full or the input ends"},
    {FIELD(estimate), "estimate", 0, NULL,
     "print how much memory the filters would hold, by size of batch, and run nothing"},
    {FIELD(job.input_format), "input-format", 0, "NAME",
     "FFmpeg's name of the input's format, or of a device such as lavfi; otherwise found out"},
    {FIELD(job.input_options), "input-option", 0, "K=V",
     "option of the input's format or decoder by FFmpeg's name; may be given several times"},
    {FIELD(job.framerate), "framerate", 0, "RATE",
     "take the input's frames at this rate, whatever times they have"},
    {FIELD(job.start), "start", 0, "TIME",
     "begin at this time of the input, as 90, 1:30 or 00:01:30.5"},
    {FIELD(job.to), "to", 0, "TIME",
     "end at this time of the input, or with a plus so long after the start, as +10"},
    {FIELD(job.skip), "skip", 0, "TIME",
     "run all filters from the beginning, but leave out this much of what they give"},
    {FIELD(job.duration), "duration", 0, "TIME",
     "write this much"},
    {FIELD(job.frames), "frames", 0, "N",
     "stop after this many frames", 0, INT64_MAX},
    {FIELD(job.on_change), "on-change", 0, "scale|split|fail",
     "where the picture changes its size: scale it to the first one's, begin a new file (out-2.mp4 "
     "follows out.mp4), or fail"},
    {FIELD(job.maps), "map", 0, "MAP",
     "write only these streams, as in FFmpeg's -map: 0:v, 0:a:1, -0:s, 0:d?; may be given several "
     "times"},
    {FIELD(job.no_audio), "no-audio", 0, NULL, "leave out the sound"},
    {FIELD(job.no_subtitles), "no-subtitles", 0, NULL, "leave out subtitles"},
    {FIELD(job.no_data), "no-data", 0, NULL, "leave out data streams"},
    {FIELD(job.metadata), "metadata", 0, "K=V",
     "set a tag of the file, or remove it with an empty value; may be given several times"},
    {FIELD(job.stream_metadata), "stream-metadata", 0, "STREAM/K=V",
     "the same for the streams that FFmpeg's specifier means, as a:0/language=fra"},
    {FIELD(job.no_metadata), "no-metadata", 0, NULL, "leave out the input's tags"},
    {FIELD(job.no_chapters), "no-chapters", 0, NULL, "leave out the input's chapters"},
    {FIELD(job.overwrite), "overwrite", 'y', NULL,
     "replace the output if it exists"},
    {FIELD(job.strict), "strict", 0, NULL,
     "fail if the output would lack anything of the input, before the work where that can be known"},
    {FIELD(job.keep_partial), "keep-partial", 0, NULL,
     "when interrupted, or when the input fails, finish the file with the frames so far; a second "
     "interruption gives up"},
    {FIELD(job.expect), "expect", 0, "FILE|DIR",
     "compare all pictures with this file as they come: hashes that ffmpeg's framehash or framemd5 wrote, or a video; a folder holds one for each input; nothing is kept without --output"},
    {FIELD(expect_update), "expect-update", 0, NULL,
     "write what --expect names anew, or without it INPUT.framehash beside the input"},
    {FIELD(job.tolerance), "tolerance", 0, "N|NdB",
     "with --expect and a video: pictures may differ by so many code values, or down to this PSNR, as 40dB"},
    {FIELD(expect_pictures), "expect-pictures", 0, "DIR",
     "with --expect: a PNG for each input that differs, with the expected picture, the one that came and the amplified difference"},
    {FIELD(junit), "junit", 0, "FILE",
     "write what became of each input as JUnit's XML; - is standard output", .is_made = true},
    {FIELD(many.list), "list", 0, "FILE",
     "more inputs, one on each line, or JSON objects with input, output and options of their own; - is standard input"},
    {FIELD(many.recursive), "recursive", 0, NULL,
     "with a folder as the input: go into its folders, too"},
    {FIELD(many.include), "include", 0, "GLOB",
     "with a folder as the input: only files whose name or path in the folder matches; may be given several times"},
    {FIELD(many.exclude), "exclude", 0, "GLOB",
     "with a folder as the input: no file whose name or path in the folder matches; may be given several times"},
    {FIELD(many.name), "name", 0, "PATTERN",
     "with many inputs: how outputs are called, such as {stem}-sharp.{ext}; the suffix chooses the container"},
    {FIELD(many.others), "others", 0, "list|copy",
     "with a folder as the input: say at the end which files are no videos, or copy them"},
    {FIELD(many.jobs), "jobs", 0, "N",
     "with many inputs: how many to work on at the same time; 0 chooses", 0, 64},
    {FIELD(many.resume), "resume", 0, NULL,
     "with many inputs: leave out what an earlier run has made from the same input with the same options"},
    {FIELD(many.watch), "watch", 0, NULL,
     "with a folder as the input: go on, and take files when they arrive and are whole, until interrupted"},
    {FIELD(progress), "progress", 0, "auto|bar|json|none",
     "how to show progress on standard error; auto is a bar on a terminal"},
    {FIELD(progress_to), "progress-to", 0, "URL",
     "write the progress as ffmpeg's -progress does, to a file, pipe:N or - for standard output"},
    {FIELD(report), "report", 0, "FILE",
     "write what was done, as JSON; - is standard output", .is_made = true},
    {FIELD(memory), "memory", 0, NULL,
     "print a line on the memory and time of every batch, on standard error"},
    {FIELD(memory_plot), "memory-plot", 0, "FILE",
     "draw how the filters' buffers share one arena, as SVG; - is standard output", .is_made = true},
    {FIELD(job.trace), "trace", 0, "FILE",
     "write when each thread and device did what, as Chrome trace events for Perfetto; - is standard "
     "output",
     .is_made = true},
    {FIELD(list_filters), "list-filters", 0, NULL,
     "list the filters and exit"},
    {FIELD(help), "help", 'h', "[FILTER]",
     "explain the options, or the parameters of a filter, and exit"},
    {FIELD(version), "version", 0, NULL,
     "print the versions of warpreel and FFmpeg's libraries and where filters can run, and exit"},
    {FIELD(verbose), "verbose", 'v', NULL,
     "say more, FFmpeg's own messages included"},
    {FIELD(quiet), "quiet", 'q', NULL,
     "say nothing but errors, what the output lacks of the input, and what --progress and --memory ask for"},
};
// clang-format on

const int wr_option_row_count = sizeof(wr_option_rows) / sizeof(wr_option_rows[0]);
_Static_assert(sizeof(wr_option_rows) / sizeof(wr_option_rows[0]) <= WR_MOST_OPTIONS, "more rows");
