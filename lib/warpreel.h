// SPDX-License-Identifier: MIT
// libwarpreel: runs a chain of pixel filters over video files, in batches, on a GPU or the CPU.
//
// An engine is what jobs share: a device and how it is used. A job makes one output from one input.
//
//     struct wr_engine_options with = wr_default_engine_options();
//     struct wr_job_options what = wr_default_job_options();
//     what.input = "in.mp4", what.output = "out.mp4", what.chain = "unsharp,scale=1280:-2";
//     struct wr_error error;
//     struct wr_engine *engine = NULL;
//     struct wr_job *job = NULL;
//     enum wr_status status = wr_engine_open(&engine, &with, &error);
//     if (!status)
//         status = wr_job_open(&job, engine, &what, &error);
//     if (!status)
//         status = wr_job_run(job, &error);
//     if (status)
//         fprintf(stderr, "%s\n", error.text);
//     wr_job_close(&job);
//     wr_engine_close(&engine);
//
// An error that nobody wants to read may be NULL in every call.
//
// Jobs of one engine may be opened, run and closed by different threads at the same time, and that
// is how several are run at once: each job by a thread of its own. Where their chains come to the
// same program for frames of the same format and size, they share its memory and fill its batches
// together; what comes out is the same as when each runs alone. A job that fails or is cancelled
// ends alone. A single job is one thread's, but for wr_job_cancel and wr_job_abandon. The library
// prints nothing, reads no environment, never exits and keeps no globals. FFmpeg's log belongs to
// the whole process: a program that wants it quiet calls wr_log_libav().
//
// The header is for C99 and later and for C++. `pkg-config --cflags --libs warpreel` says how to
// compile and link.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// The version of this header; CMakeLists.txt reads it here. Before 1.0 a minor version may change
// structs.
#define WARPREEL_VERSION_MAJOR 0
#define WARPREEL_VERSION_MINOR 1
#define WARPREEL_VERSION_PATCH 0

// Marks what the shared library exports; all else in it is hidden. The name of the function stands
// on the same line, where CMake looks for it.
#define WARPREEL_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

// The version of the library in use, like "0.1.0".
WARPREEL_API const char *wr_version(void);

// How a call ended.
enum wr_status {
    WR_OK = 0,
    WR_FAILED = 1,        // the job could not be done
    WR_USAGE = 2,         // what was asked for makes no sense: an option, a filter, a parameter
    WR_OUT_OF_MEMORY = 3, // other jobs hold it: a job may be opened once one of them is closed
    WR_DAMAGED = 4,       // done, but the input was damaged
    WR_DIFFERS = 5,       // done, but the pictures are not those that were expected
    WR_INTERRUPTED = 130  // cancelled by the caller
};

struct wr_error {
    enum wr_status status;
    char text[768]; // one sentence, no newline, names what failed
};

// Stores status and sentence in *error (which may be NULL) and returns status, so that a failure is
// reported and returned in one line: return wr_fail(error, WR_USAGE, "...", ...);
WARPREEL_API enum wr_status wr_fail(struct wr_error *error, enum wr_status status,
                                    const char *format, ...) __attribute__((format(printf, 3, 4)));

enum wr_log_level {
    WR_LOG_WARNING,
    WR_LOG_INFO,
    WR_LOG_LOSS, // the output lacks something of the input that nobody asked to leave out
    WR_LOG_BLOCK // a further line of a text that the sentence before begins, as a filter wrote it
};

// How far a job has come. Times in seconds of the video and of the clock.
struct wr_progress {
    int64_t frames_out;   // frames written so far
    int64_t frames_total; // expected number of frames, 0 if not known
    double position;      // presentation time of the newest frame, from the start of the output
    double duration;      // expected duration of the output, 0 if not known
    double elapsed;       // since wr_job_run began
};

// What an executor holds, in bytes where nothing else is said. Pinned memory is the host's and
// counts in `pinned` only.
struct wr_memory {
    int64_t arena; // planes between passes
    // Frames that go in and come out, and the numbers that change from frame to frame. On a device
    // those of a whole batch. On the CPU those that are filtered at one time: they are the
    // decoder's and the encoder's own.
    int64_t slots;
    int64_t tables; // constants of passes; on the CPU the program's own are used, so 0
    int64_t pinned; // of the host: frames and numbers of a batch on their way to and from slots
    // In PyTorch's words: allocated is taken by a buffer, reserved is held for that purpose,
    // requested is what buffers were asked for when most was allocated, before any rounding.
    int64_t allocated, reserved, requested;
    int64_t peak_allocated, peak_reserved;
    int64_t lower_bound; // of arena: most bytes that buffers need at one time
    int allocations;   // of device and pinned memory (CPU: of arenas) since the executor was opened
    int departures;    // walks through the program that did not go as recorded
    int64_t available; // in an estimate: free on the device, -1 where there is no device
};

// arena + slots + tables: what a limit of memory is about.
WARPREEL_API int64_t wr_memory_held(const struct wr_memory *memory);

// What a batch took, from the executors' own counts. Memory is that of all instances together.
struct wr_batch_report {
    int64_t number; // from 0
    int instance;   // that ran it
    int valid, padded;
    struct wr_memory memory;
    int allocations;                  // of memory since the batch before
    double upload, kernels, download; // milliseconds; on the CPU all of it is kernels
};

// ---- options

// What jobs share. Strings are borrowed until wr_engine_close; NULL means "choose".
struct wr_engine_options {
    // "auto", "cpu", "cuda", "cuda:N", "cuda:all", or several with commas between: batches go to
    // whichever is free. "auto" takes the first CUDA device if that works and is expected to be
    // done before the CPU.
    const char *device;
    const char *cpu_level; // "baseline", "avx2", "avx512", "avx512vnni"; NULL: the best there is
    int batch;             // frames in a batch, 1 to 256; 0 to choose, at most 16
    int threads;           // of filters on the CPU, 0 for all processors
    int instances;         // executors of each device that take turns, 1 to 8; 0 to choose
    int jobs; // about how many jobs there will be, which share the time a device takes to start; 0:
              // one
    int64_t memory_limit; // bytes that all instances of all programs may hold, 0 for any
    // Seconds after which a frame no longer waits for others to fill its batch; 0 chooses: the time
    // of one frame for live inputs, no limit for files.
    double max_wait;
};

// What is done where the picture of the input changes its size or another part of its format.
enum wr_on_change {
    WR_ON_CHANGE_SCALE, // such frames are scaled and converted to the first frame's format
    WR_ON_CHANGE_SPLIT, // another size ends the job, and the report says where; else as above
    WR_ON_CHANGE_FAIL,
};

// What becomes of the times of frames behind the chain.
enum wr_fps_mode {
    WR_FPS_KEEP,
    WR_FPS_VFR, // frames that come faster than the frame rate are dropped
    WR_FPS_CFR, // each tick of the frame rate gets a frame: some are dropped or repeated
    WR_FPS_AUTO // where filters run in FFmpeg's library or a rate is asked for: as ffmpeg chooses
                // for the container; else as WR_FPS_KEEP
};

// One output and how it is made. Strings are borrowed until wr_job_close; NULL means "choose".
struct wr_job_options {
    const char *input;  // path or anything libavformat opens
    const char *output; // path, or "-" for stdout (needs format)
    const char *chain;  // FFmpeg's -vf grammar; NULL or "" passes the frames through
    // codec "copy": the video's packets are copied, and no frame is decoded; then the chain is
    // empty.
    const char *codec, *quality, *preset, *format, *pix_fmt;
    const char *const *encoder_options; // "K=V", or "K?=V" where it may not have K
    int pass; // 1 or 2 of two passes over the video, which have the file PASS_LOG-0.log between
              // them; 0: it is encoded once
    const char *pass_log;   // NULL: "ffmpeg2pass"
    const char *key_frames; // besides the encoder's own: "TIME,TIME...", "expr:EXPRESSION" as
                            // ffmpeg's -force_key_frames has it, or "source"
    const char *audio; // "copy", "none", or an encoder with its options: "aac:b=128k:ar=44100";
                       // "copy?": copied, or converted where the container cannot hold it; NULL:
                       // the same, or encoded anew where filters are asked for
    const char *const *stream_audio; // the same for single sounds of the output, in their order
                                     // there: "N/aac:b=128k", from 0; NULL at the end; may be NULL
    const char *audio_filter; // FFmpeg's filters for sound, as of -af, which is then encoded anew
    const char *const *stream_audio_filters; // for single sounds, "N/volume=0.5"; may be NULL
    const char *subtitles; // "copy", or the encoder for those in text, "ass"; NULL: copied, or
                           // converted where the container cannot hold them
    const char *const *stream_subtitles; // for single ones, "N/ass"; may be NULL
    const char *tag; // four letters that name the video's codec in the container, "hvc1"
    const char *const *stream_tags; // the same for other streams: "a/mp4a", NULL at the end
    int threads;                    // of the codecs, 0 for all processors
    // How the input is read. Lists are "K=V" strings, NULL at the end.
    const char *input_format;         // FFmpeg's name of the demuxer or device ("lavfi")
    const char *const *input_options; // of the demuxer or the decoder
    // Seconds after which an input that gives nothing is given up, and its output finished with
    // what came before; 0 for never.
    double source_timeout;
    bool realtime;         // read the input at the pace of its times
    const char *framerate; // frames come at this rate, whatever their times
    // Times in FFmpeg's syntax ("90", "00:01:30.5"). start and to are times of the input. skip and
    // duration count behind the chain: how much of what it gives is left out at the beginning, and
    // how much of the rest is written.
    const char *start, *to, *skip, *duration;
    int64_t frames;        // stop after this many frames, -1 for all
    int64_t sound_packets; // each sound ends after this many, 0 for all
    int64_t size_limit; // take no more of the input once the output has this many bytes; 0 for any
    // Which streams are written, in the grammar of FFmpeg's -map ("0:v", "0:a:1", "-0:s", "0:d?");
    // NULL for all. A label in brackets is the chain's output.
    const char *const *maps;
    bool no_audio, no_subtitles, no_data;
    bool no_video; // the output has sound and text alone
    // Behind the chain, in this order.
    const char *size; // "1280x720" or FFmpeg's name of it
    const char *rate; // constant frame rate, "25", "30000/1001" or FFmpeg's name of it
    // Of several inputs that may give the video, the one with the largest is taken, as ffmpeg does;
    // else the first.
    bool takes_largest;
    enum wr_fps_mode fps_mode;
    const char *aspect; // of the picture as it is shown, "16:9" or "1.85"
    // Tags of the output; an empty value removes one. Those of streams begin with FFmpeg's
    // specifier, "a:0/language=fra".
    const char *const *metadata, *const *stream_metadata;
    const char *const *attach; // files that the output has with it, NULL at the end; may be NULL
    // What streams are for, in FFmpeg's words: "s:0/default", "a:1/default+comment", "a:0/0" for
    // none.
    const char *const *dispositions;
    // FFmpeg's bit stream filters for the packets of streams, "v/h264_metadata=level=4.1".
    const char *const *packet_filters;
    bool no_metadata, no_chapters; // those of the input are left out
    // The input that gives the file's tags, by its number, and the one that gives chapters; -1: the
    // one with the video, or where that has none the first with some.
    int metadata_from, chapters_from;
    const char *const *muxer_options; // by FFmpeg's name, as encoder_options
    enum wr_on_change on_change;
    bool native;       // refuse filters that would run in FFmpeg's own library
    bool overwrite;    // replace an existing output
    bool strict;       // fail, before the work where that can be known, if anything is lost
    bool keep_partial; // when cancelled or the input fails: finish the file with
                       // the frames so far
    const char *trace; // file for a trace of the job's work, replaced if it exists;
                       // "-" for stdout

    // Further files, NULL at the end, whose pictures the chain takes as [1:v], [2:v] and so on, and
    // whose sound and text maps name as 1:a, 2:s; NULL for none. Without maps, they give the kinds
    // of streams, sound or text, of which the first file has none. Where the first file has no
    // video, or a map says 1:v, the video is theirs.
    const char *const *inputs;
    // How these are read: "1/start=2.5", with start, to, format, framerate, offset (how much later
    // it is), repeat (how often it comes again, -1 without end), or an option of the demuxer or
    // the decoder.
    const char *const *input_settings;
    bool shortest;     // end as soon as the video or a sound ends
    bool shares_chain; // labels that no map names are for other jobs, and are not made; with maps
    // Filter pictures as they are stored, even if their file says how players are to turn them, and
    // pass that on.
    bool no_autorotate;

    // The video is encoded in closed pieces of so many frames, each by an encoder of its own; 0: by
    // one encoder from end to end. Then the encoder's threads do not follow from `threads`.
    int64_t chunk;
    int pieces_at_once; // that are encoded side by side, 0 for one; changes no bit of the output
    // With chunk: "K/N" does only pieces K-1, K-1+N and so on, and writes them to the file
    // OUTPUT.partKofN. A job with all these files as `joined`, NULL at the end, and otherwise the
    // same options takes the video from them. NULL for neither.
    const char *part;
    const char *const *joined;
    const char *settings; // any text that is kept in parts; it has to be the same in all of them
    // A file that the pictures are compared with as they come: hashes of frames as FFmpeg's
    // framehash and framemd5 write them, or a video. With it, output may be NULL: then nothing is
    // written. NULL compares nothing.
    const char *expect;
    const char *tolerance;      // "40dB" or a number of code values; NULL: every bit counts
    const char *expect_picture; // PNG that shows the worst frame that differs, NULL for none

    void *opaque; // passed to the callbacks
    // One sentence, without newline; may be called from any of the job's threads.
    void (*log)(void *opaque, enum wr_log_level level, const char *sentence);
    // After each batch, from one thread; asking for it has the steps of a batch timed.
    void (*batch_done)(void *opaque, const struct wr_batch_report *batch);
    // After frames were written, from one thread; often once for each.
    void (*progress)(void *opaque, const struct wr_progress *progress);
};

WARPREEL_API struct wr_engine_options wr_default_engine_options(void);
WARPREEL_API struct wr_job_options wr_default_job_options(void);

// ---- reports

// The input or the output of a job.
struct wr_media_report {
    char path[1024], format[64], codec[64], pix_fmt[64];
    char range[16], matrix[32], primaries[32], transfer[32]; // in FFmpeg's words, "" if not known
    int width, height;
    double frame_rate; // 0 if not known
    double duration;   // seconds of video, 0 if not known; of an output that was finished
    // Of an output only:
    char encoder[64]; // FFmpeg's name, "libx264"
    char quality[64]; // what steers quality or rate, "crf 18"; "" if the encoder decides
    int64_t bytes;    // of the finished file or files; 0 if not known
};

#define WR_REPORT_STREAMS 64

struct wr_stream_report {
    int index;     // in the input
    char type[16]; // "video", "audio", "subtitle", "attachment", "data"
    char codec[64];
    char action[16];  // "filtered", "copied", "converted", "dropped"
    char to[64];      // the codec that it was converted to, "" for none
    char reason[128]; // why converted or dropped
    int64_t refused;  // packets that the container did not take
};

// What one stage of the chain is and did. in - dropped + repeated is out. Dropped are frames that
// did not come out, repeated is how often others came out more than once, and frames that were
// made.
struct wr_stage_report {
    char kind[16];     // "program", "host", "cut" or "rate"
    char filters[256]; // its part of the chain, cut off if that is longer
    char place[128];   // where it runs: "cuda:0 (NVIDIA ...)", "cpu (FFmpeg's filters)"
    char why[96];      // why it runs in FFmpeg's filters, "" for other stages
    int64_t in, out, dropped, repeated; // frames
};

// How the pictures compare with those expected. Frames and planes count from 0.
struct wr_expect_report {
    char path[1024]; // what they were compared with, "" for nothing
    int64_t frames, expected;
    int64_t differing; // frames that came and were expected, but are not the same
    int64_t first;     // the first of them, -1 for none
    double first_time; // seconds
    char format[64], expected_format[64]; // of pictures that cannot be compared, else ""
    int64_t moved, first_moved; // frames with another time than expected, and the first or -1
    double moved_time, moved_expected;
    // Of frames that differ from those of a video.
    bool is_measured;
    int largest, depth;    // difference in code values of so many bits
    int plane, x, y;       // where it is
    int64_t largest_frame; // and in which frame
    int64_t worst;         // the frame with the lowest PSNR, -1 for none
    int planes;
    char plane_names[8];     // a letter for each: "YUV", "GBRA"
    double psnr[4], ssim[4]; // of the worst frame
    char picture[1024];      // that was drawn, "" for none
};

#define WR_REPORT_STAGES 64

struct wr_report {
    struct wr_media_report input, output;
    struct wr_stream_report streams[WR_REPORT_STREAMS];
    int stream_count;
    struct wr_stage_report stages[WR_REPORT_STAGES]; // in the order frames go through them
    int stage_count;
    const char *const *notes; // sentences that went to the log
    int note_count;
    const char *const *losses; // those of them that tell what the output lacks
    int loss_count;
    const char *chain; // as run: every filter with its values, conversions that were inserted
    char device[256];  // "cpu (avx2, 4 threads)", "cuda:0 (NVIDIA ...)"
    int batch, instances;
    struct wr_memory memory;    // of all instances
    int64_t pinned_frame_bytes; // the most that frames of all jobs took in pinned memory
    int64_t frames_in, frames_out;
    int64_t batches;        // that held frames of this job; those of other jobs may be in them, too
    int64_t padded_frames;  // repeated frames that filled up those batches
    int64_t redone_batches; // that another device did again, since theirs had failed
    char left_out[512];     // why a device was left out, "" if none was
    int64_t damaged;        // places where the input is damaged
    double seconds_total;   // wall clock of wr_job_run
    double seconds_decode, seconds_filter, seconds_encode; // busy time of each stage
    int64_t peak_bytes;                                    // of the process, resident
    double next_start; // seconds of the input where another size ended the job, 0 if none did
    struct wr_expect_report expect;
    bool stalled; // an input gave nothing for too long, and was given up
    // Seconds from a frame's arrival from the decoder until it was handed to the encoder: of half
    // the frames, of 95 per cent, of all.
    double latency_median, latency_95, latency_worst;
};

// What a job with batches of some sizes would hold.
#define WR_ESTIMATES 8
#define WR_ESTIMATE_DEVICES 8
struct wr_estimate {
    int jobs, at_once; // that were estimated, and that run at the same time
    bool chains_differ;
    char chain[4096]; // the first's
    int64_t frames;   // that the input is said to have, 0 if not known
    int64_t weights; // bytes in the host's memory, once: of networks, and what else filters look up
    // Bytes of frames there that FFmpeg's filters hold (reverse); -1 where that grows with the
    // number of frames, which is not known.
    int64_t filters;
    int device_count; // more than one where the engine's options name several
    struct wr_device_estimate {
        char device[32]; // "cpu", "cuda", "cuda:N"
        int instances;
        int64_t context; // approximately: what CUDA takes for itself, once in a process
        struct {
            int batch;
            struct wr_memory memory; // of one instance
        } rows[WR_ESTIMATES];        // the first is the batch a job would take, then 1, 2, 4 ... 64
    } devices[WR_ESTIMATE_DEVICES];
};

struct wr_engine;
struct wr_job;

// ---- engines

// Checks the options. Devices are opened when the first job needs them. On failure *engine is NULL.
WARPREEL_API enum wr_status wr_engine_open(struct wr_engine **engine,
                                           const struct wr_engine_options *options,
                                           struct wr_error *error);

// No job of it may be left. Tolerates NULL.
WARPREEL_API void wr_engine_close(struct wr_engine **engine);

// What an engine has done so far, for all its jobs.
struct wr_engine_report {
    int programs;       // that are open
    int64_t bytes;      // that they hold, of the kind that a limit of memory is about
    int64_t peak_bytes; // the most of these at any time
    int64_t batches;    // that were run to their end
    int64_t slots;      // for frames in these batches
    int64_t frames;     // real frames in those slots
};

// Slots of batches under way do not count yet. From any thread.
WARPREEL_API void wr_engine_report(struct wr_engine *engine, struct wr_engine_report *report);

// ---- jobs

// Refuses with WR_USAGE what is wrong for any input: a filter of pictures, sound or packets, an
// option, a value, a map, an encoder, a container, a further input or a device that there is not,
// and a memory limit that has no room for the smallest picture. Fails with WR_FAILED where a device
// that is named cannot be used. Reads no input; job->input and job->output may be NULL. engine
// NULL: devices and the limit are not checked. What follows from the input, wr_job_open refuses.
WARPREEL_API enum wr_status wr_job_check(const struct wr_engine_options *engine,
                                         const struct wr_job_options *job, struct wr_error *error);

// Roughly how many processors one such job keeps busy, as far as that is known without its input:
// most are the encoder's. At most job->threads, if that is set.
WARPREEL_API int wr_job_keeps_busy(const struct wr_job_options *job);

// Opens input and output, checks the chain and gets everything ready. Nothing is encoded and
// nothing stands under the output's name yet. engine must outlive the job. After a failure *job can
// only be asked for its report, which says what was known by then, and has to be closed; it is NULL
// when memory is short.
WARPREEL_API enum wr_status wr_job_open(struct wr_job **job, struct wr_engine *engine,
                                        const struct wr_job_options *options,
                                        struct wr_error *error);

// Runs to the end. WR_DAMAGED: the output is complete, but the input was damaged (the report
// counts). WR_DIFFERS: the output is complete, but not as expected. libx264 decides by memory that
// it never wrote: where it is to write the same bits in a process that has freed memory before,
// what memalign() gives it has to be cleared, as cli/main.c does.
WARPREEL_API enum wr_status wr_job_run(struct wr_job *job, struct wr_error *error);

// What the file of a part says of how it was made, both to be freed with free(): the text that was
// kept in it, and the path of its input. They are NULL on failure.
WARPREEL_API enum wr_status wr_part_describe(const char *path, char **settings, char **input,
                                             struct wr_error *error);

// Calls take() for each file that the text of a chain names, such as a table, a model or a picture,
// with a path that is valid only then. Each value of a filter that is a file's name counts.
WARPREEL_API void wr_chain_each_file(const char *chain,
                                     void (*take)(void *opaque, const char *path), void *opaque);

// Whether a file could be a job's input: it begins as one with video or pictures, or it cannot be
// read and has the name of one.
WARPREEL_API bool wr_may_be_video(const char *path);

// What a job would hold. Opens the input, but runs nothing. job->output may be NULL: then the
// encoder is taken to be one of those that read rows from first to last, as most do. Device "auto"
// is the one that a job would take; any other need not be there.
WARPREEL_API enum wr_status wr_estimate(struct wr_estimate *estimate,
                                        const struct wr_engine_options *engine,
                                        const struct wr_job_options *job, struct wr_error *error);

// The same for several jobs of one engine.
struct wr_estimates;
WARPREEL_API enum wr_status wr_estimates_open(struct wr_estimates **estimates,
                                              const struct wr_engine_options *engine,
                                              struct wr_error *error);

// As wr_estimate(). A job for which that fails does not count.
WARPREEL_API enum wr_status wr_estimates_add(struct wr_estimates *estimates,
                                             const struct wr_job_options *job,
                                             struct wr_error *error);

// The most that jobs hold of which `at_once` run at the same time, whichever these are. Jobs that
// share all programs count once; the batch is that of the largest. A memory limit keeps a run to
// itself, where it is less.
WARPREEL_API void wr_estimates_sum(struct wr_estimates *estimates, int at_once,
                                   struct wr_estimate *estimate);

WARPREEL_API void wr_estimates_close(struct wr_estimates **estimates);

// Ends a job that is open early, from another thread. With keep_partial the file is finished with
// the frames so far; a second call gives that up too.
WARPREEL_API void wr_job_cancel(struct wr_job *job);

// Removes the partial output of a job that is open, from another thread, when cancelling did not
// help: the process must end then, without wr_job_close.
WARPREEL_API void wr_job_abandon(const struct wr_job *job);

// Valid until wr_job_close; complete after wr_job_run. What is not known is zero, empty or NULL.
WARPREEL_API const struct wr_report *wr_job_report(const struct wr_job *job);

// The arena of one instance: what is where, and when. Times count passes of the program. On the CPU
// each thread has a part of the arena, and bands of frames go through the passes one after the
// other.
struct wr_memory_block {
    const char *label; // the filter it is for, and behind a space the layer of a network
    int64_t offset, bytes;
    int64_t from, to;
};

struct wr_memory_plan {
    int64_t peak, lower_bound; // bytes
    int count;
    struct wr_memory_block *blocks;
};

// Valid until wr_job_close or the next call; NULL where memory is short.
WARPREEL_API const struct wr_memory_plan *wr_job_memory_plan(struct wr_job *job);

// Closes everything, removes what was not finished. Tolerates NULL.
WARPREEL_API void wr_job_close(struct wr_job **job);

// ---- filters and models, for help pages

// What the filter tables say. All strings live as long as the program.
struct wr_parameter_info {
    const char *name, *alias; // alias NULL if there is none
    const char *type;         // "integer", "number", "boolean", "choice", "expression", "flags"
    const char *help;
    char standard[64]; // the default, as one would write it
    char range[1024];  // "0 to 3", "one of a, b, c", empty for an expression
};

// Names that belong together, for a help page.
struct wr_name_list {
    const char *title;
    const char *(*name)(int n); // NULL from their number on
};

struct wr_filter_info {
    const char *name, *help, *example;
    const char *notes;                // what else there is to know; NULL if there is nothing
    const struct wr_name_list *lists; // up to one without a title; NULL if there are none
    int parameter_count;
    bool takes_enable; // enable= may switch it off for single frames
};

WARPREEL_API int wr_filter_count(void);
// The number of the filter of that name; -1 where there is none, and then error says so.
WARPREEL_API int wr_filter_find(const char *name, struct wr_error *error);
WARPREEL_API struct wr_filter_info wr_filter_describe(int filter);
WARPREEL_API struct wr_parameter_info wr_parameter_describe(int filter, int parameter);

// One of FFmpeg's own filters, which run on the CPU, between programs. Strings live as long as the
// program.
struct wr_host_filter_info {
    const char *name, *help;
    bool is_sound;       // it filters sound
    int inputs, outputs; // how many, -1 where that depends on its parameters
    int parameter_count;
    bool takes_enable;
};

WARPREEL_API int wr_host_filter_count(void);
WARPREEL_API struct wr_host_filter_info wr_host_filter_describe(int filter);
WARPREEL_API struct wr_parameter_info wr_host_parameter_describe(int filter, int parameter);

// One layer of a network. Strings of `kind` and `activation` live as long as the program.
struct wr_model_layer_info {
    char name[64], type[32];         // as the file has them; of a long name the end
    const char *kind;                // "convolution", "depth to space"
    const char *activation;          // "relu", "" for none
    int channels;                    // that it makes
    int kernel_width, kernel_height; // of a convolution, else 0
    double scale;                    // how much wider its result is than the input
    int64_t parameters;
    double macs;
};

// The network in a model file.
struct wr_model_info {
    const char *format; // "ONNX", "ncnn"
    int width, height;  // the only ones that it takes, 0 for any
    int channels_in, channels_out;
    double scale;       // how much wider the result is than the input
    int border;         // pixels of the input on each side that have none in the result
    int reach;          // how far a pixel of the result depends on those of the input
    int64_t parameters; // weights, biases, slopes and other constants
    double macs;        // multiplications with a weight, for each pixel of the input
    double live;        // values needed at the same time at most, for each pixel of the input
    int layer_count;
    struct wr_model_layer_info *layers;
};

// Reads a model: ONNX, or ncnn (FILE.param, with FILE.bin beside it). On success *info is the
// caller's to free with wr_model_info_free; on failure it is empty. Fails where the file is broken
// or uses what is not supported.
WARPREEL_API enum wr_status wr_model_describe(const char *path, struct wr_model_info *info,
                                              struct wr_error *error);
WARPREEL_API void wr_model_info_free(struct wr_model_info *info);

// ---- helpers of the command line

// "Did you mean": the name nearest to `wrong` among count names, got one by one; NULL when none is
// near.
WARPREEL_API const char *wr_nearest(const char *wrong, const char *(*get)(const void *names, int n),
                                    const void *names, int count);

// What must follow a text in FFmpeg's syntax, such as a chain of filters, before anything else can:
// an open quote is closed, and a backslash at the end stands for itself. FFmpeg takes both as ended
// where the text ends.
WARPREEL_API const char *wr_open_end(const char *text);

// The nearer of two names, each of which may be NULL; NULL when none is near.
WARPREEL_API const char *wr_nearest_of_two(const char *wrong, const char *first,
                                           const char *second);

// Sends FFmpeg's own messages to stderr (verbose) or nowhere; for the whole process. From then on
// jobs also count as damage what decoder and demuxer only log.
WARPREEL_API void wr_log_libav(bool verbose);

// Parses a time in FFmpeg's syntax ("90", "1:30", "-0.5", "250ms") into microseconds. False if it
// is none.
WARPREEL_API bool wr_parse_time(const char *text, int64_t *microseconds);

// What FFmpeg has an option of this name for; several may hold at once.
enum wr_libav_option {
    WR_LIBAV_DEMUXER = 1,
    WR_LIBAV_DECODER = 2,
    WR_LIBAV_ENCODER = 4,
    WR_LIBAV_AUDIO_ENCODER = 8, // of encoders for sound alone
    WR_LIBAV_MUXER = 16,
};
WARPREEL_API int wr_libav_find_option(const char *name);

// The nearest option that FFmpeg has for inputs, or else for outputs; NULL if none is near.
WARPREEL_API const char *wr_libav_nearest_option(const char *wrong, bool is_input);

// The version of the FFmpeg libraries in use, like "5.1.9".
WARPREEL_API const char *wr_libav_version(void);

// One of FFmpeg's libraries, with the version in use and the one this library was compiled with.
struct wr_libav_info {
    const char *name; // "libavcodec"
    char running[16], built[16];
};

WARPREEL_API int wr_libav_count(void);
WARPREEL_API struct wr_libav_info wr_libav_describe(int library);

// Where filters can run with this library. Strings live as long as the program.
struct wr_engine_info {
    const char *cuda;      // the architectures its kernels are for, "75, 80"; NULL without CUDA
    const char *cpu_level; // that a run takes
    char cpu_levels[64];   // that build and processor have, lowest first: "baseline, avx2"
};

// For a run with this cpu_level in its options. Fails where there is no such level.
WARPREEL_API enum wr_status wr_engine_describe(struct wr_engine_info *info, const char *cpu_level,
                                               struct wr_error *error);

#ifdef __cplusplus
}
#endif
