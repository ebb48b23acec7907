#!/bin/bash
# SPDX-License-Identifier: MIT
# Lines written for ffmpeg make the same frames, times and streams with the first word replaced: tests/lines.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# shellcheck source=tests/lines_lib.sh
. "$tests/lines_lib.sh"
(make_inputs) || exit

(cd "$work" && ffmpeg -nostdin -v error -i film.mkv -i in.mp4 -map 0:v -map 1:v -map 1:a -c copy videos.mkv)
each line << 'END'
-i ../videos.mkv -map 0 -map -0:v:1 -c:v ffv1 -c:a copy out.mkv
-i ../videos.mkv -map 0 -map -0:v:0 -vf hflip -c:v mpeg4 -c:a copy out.mkv
-t 1 -i ../in.mp4 -ss 0.4 -c:v ffv1 -an out.mkv
-t 1.2 -i ../in.mp4 -ss 0.4 -t 1 -c:v mpeg4 -an out.mp4
-i ../in.mp4 -c:a copy out.mkv
-i ../in.mp4 -c:a copy -b:a 64k -ac 1 out.mkv
-i ../in.mp4 out.mp4
-i ../old.avi -i ../in.mp4 -c:a copy out.mkv
-i ../film.mkv -i ../in.mp4 -i ../old.avi -vf hflip -an out.mkv
-i ../in.mp4 -i ../old.avi -c copy out.mkv
-y -i ../in.mp4 -vf scale=80:-2 out.mp4
-i ../in.mp4 -vf hflip -c:v libx264 -crf 23 -preset veryfast -c:a copy out.mp4
-hide_banner -loglevel error -nostdin -i ../in.mp4 -filter:v vflip -c:a copy -movflags +faststart out.mp4
-ss 1 -i ../in.mp4 -t 2 -c:v libx264 -c:a copy out.mp4
-ss 00:00:01.5 -to 00:00:03 -i ../in.mp4 -an out.mkv
-i ../in.mp4 -loop 1 -i ../a.png -filter_complex "[0:v][1:v]overlay,hflip,trim=end=1[v]" -map "[v]" -map 0:a -c:v mpeg4 -c:a copy out.mp4
-i ../in.mp4 -ss 1 -to 3 -vf hflip -an out.mkv
-i ../in.mp4 -ss 00:00:02 -t 1 -an out.mkv
-t 1.5 -i ../in.mp4 -vf reverse -an out.mkv
-i ../in.mp4 -vf setpts=0.5*PTS -an -t 1 out.mkv
-i ../in.mp4 -vf setpts=2*PTS -an out.mkv
-i ../in.mp4 -vf fps=10 -an out.mkv
-i ../in.mp4 -r 10 -an out.mp4
-i ../in.mp4 -r 50 -an out.mkv
-i ../in.mp4 -r 30000/1001 -an out.mkv
-r 50 -i ../in.mp4 -an out.mkv
-r 10 -i ../old.avi -t 1 out.mkv
-i ../in.mp4 -vsync cfr -r 12.5 -an out.mkv
-i ../in.mp4 -fps_mode passthrough -an out.mkv
-i ../film.mkv -c:v ffv1 out.mkv
-i ../film.mkv -r 25 -c:v ffv1 out.mkv
-i ../in.mp4 -s 80x60 -aspect 16:9 -an out.mp4
-i ../in.mp4 -s qcif -c:a copy out.mkv
-i ../in.mp4 -frames:v 10 -an out.mkv
-i ../in.mp4 -vframes 1 -q:v 2 -pix_fmt yuvj420p out.jpg
-ss 2 -i ../in.mp4 -frames:v 1 -pix_fmt rgb24 out.png
-i ../in.mp4 -update 1 -r 2 -pix_fmt rgb24 out.png
-i ../in.mp4 -vf fps=2 -pix_fmt rgb24 out%03d.png
-i ../in.mp4 -an -sn -dn -c:v mpeg4 -q:v 5 out.avi
-i ../in.mp4 -c:v libx264 -b:v 200k -maxrate 250k -bufsize 400k -c:a copy out.mp4
-i ../in.mp4 -c:v libx264 -profile:v baseline -level 3.0 -g 25 -bf 0 -an out.mp4
-i ../in.mp4 -c:v libx264 -tune film -x264-params keyint=30:scenecut=0 -c:a copy out.mkv
-i ../in.mp4 -c:v libx265 -crf 28 -preset ultrafast -an out.mp4
-i ../in.mp4 -c:v libvpx-vp9 -b:v 0 -crf 40 -deadline realtime -cpu-used 8 -an out.webm
-i ../in.mp4 -map 0:v:0 -map 0:a -c:a copy -metadata title=New -metadata:s:a:0 language=fra out.mp4
-i ../in.mkv -map 0:v -map 0:a:1 -c:a copy out.mkv
-i ../in.mkv -map 0 -map -0:s -c:a copy out.mkv
-i ../in.mkv -map 0 -c:v libx264 -c:a copy -c:s copy out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -map 0:s? -map 0:d? -c:a copy -c:s copy -map_metadata -1 out.mkv
-i ../in.mp4 -filter_complex "[0:v]split[a][b];[a]crop=80:120:0:0[l];[b]crop=80:120:80:0,hflip[r];[l][r]hstack[out]" -map "[out]" -map 0:a -c:a copy out.mp4
-i ../in.mp4 -lavfi "scale=80:60,setsar=1" -an out.mp4
-i ../in.mp4 -sws_flags lanczos -vf scale=80:60 -an out.mp4
-f lavfi -i testsrc=d=1:s=96x64:r=10 -c:v libx264 -pix_fmt yuv420p out.mp4
-f lavfi -i color=c=red:s=64x48:d=0.5 -pix_fmt yuv420p out.mkv
-filter_complex "testsrc=d=1:s=96x64:r=10" -pix_fmt yuv420p out.mp4
-y -lavfi "sine=d=1[a];color=red:s=64x48:d=1[x];testsrc=s=32x32:d=1[y];[x][y]overlay,hflip[v]" -map "[v]" -map "[a]" -pix_fmt yuv420p -c:a aac out.mp4
-filter_complex "testsrc=s=64x48:d=1,split [a] [b]; [b]drawbox=t=1:enable='gte(n,1)' [c];[a][c]hstack;sine=d=1" -pix_fmt yuv420p -c:a aac out.mkv
-f rawvideo -pix_fmt yuv420p -s 96x64 -r 25 -i ../in.yuv -c:v ffv1 out.mkv
-f rawvideo -pixel_format yuv420p -video_size 96x64 -framerate 50 -i ../in.yuv -c:v ffv1 out.mkv
-loop 1 -i ../a.png -t 1 -c:v libx264 -pix_fmt yuv420p out.mp4
-loop 1 -framerate 10 -t 2 -i ../a.png -vf zoompan=d=1:s=96x64:fps=10 -t 1 -pix_fmt yuv420p out.mkv
-framerate 25 -start_number 3 -i ../frame%04d.png -c:v libx264 -pix_fmt yuv420p out.mp4
-framerate 12 -pattern_type glob -i "../frame*.png" -c:v libx264 -pix_fmt yuv420p -r 24 out.mkv
-i ../in.mp4 -f null /dev/null
-i ../in.mp4 -vf "scale=w='160*(1+0.2*t)':h=-2:eval=frame,crop=160:120" -an out.mkv
-i ../in.mp4 -vn -b:a 96k -f hls -hls_list_size 0 out.m3u8
-i ../in.mp4 -vn -c:a aac out.ts
-i ../in.mp4 -i ../film.mkv -lavfi "[0:v]scale=96:64[a];[a][1:v]ssim;[0:v]split[b][c];[b][c]psnr" -f null /dev/null
-i ../in.mp4 -c:v mpeg2video -q:v 4 -an -f mpegts -
-i file:../in.mp4 -c:v ffv1 -an -f matroska pipe:1
-i ../in.ts -c:v libx264 -c:a copy file:out.mkv
-i ../in.mp4 -c:v libx264 -b:v 300k -c:a libmp3lame -b:a 96k out.mp4
-i ../in.mp4 -c:v libx264 -c:a aac -b:a 128k -ac 1 -ar 22050 out.mp4
-ss 1 -i ../in.mp4 -t 2 -vcodec libvpx-vp9 -crf 40 -b:v 0 -acodec libopus -ab 64k -deadline realtime out.webm
-i ../in.mp4 -vf fps=10 -ss 1 -t 2 -c:a copy out.mp4
-i ../in.mp4 -c:a copy out.ts
-i ../in.mp4 -preset fast -crf 40 -b:v 0 -deadline realtime -cpu-used 8 -an -t 1 out.webm
-i ../in.mp4 -c:v libx264 -movflags +faststart -c:a copy -t 1 out.mkv
-i ../in.mp4 -vf "fade=in:st=0:d=1,drawbox=w=20:h=20" -t 2 -c:a copy out.mkv
-hwaccel auto -i ../in.mp4 -vf eq=contrast=1.1 -c:a copy -threads 2 out.mp4
-fflags +genpts -i ../in.ts -shortest -c:a copy -max_muxing_queue_size 1024 out.mkv
-i ../in.mp4 -pix_fmt yuv420p10le -c:v ffv1 -level 3 -an out.mkv
-skip_frame nokey -i ../in.mp4 -vsync vfr -an out.mkv
-i ../in.mp4 -vf "fade=out:st=1:d=1:alpha=1" -an -c:v ffv1 -pix_fmt yuv420p out.mkv
-i ../in.mp4 -vf "drawbox=10:10:30:20:red,format=yuv420p" -c:v libx264 -strict -2 -c:a copy out.mp4
-i ../in.mp4 -i ../a.png -filter_complex "[1:v]format=rgba,colorchannelmixer=aa=0.3[l];[0:v][l]overlay=9:9:format=auto" -an out.mp4
-loop 1 -i ../a.png -i ../film.mkv -filter_complex "[1:v][0:v]overlay=shortest=1" -an -c:v ffv1 out.mkv
-ignore_loop 0 -i ../anim.gif -i ../film.mkv -filter_complex "[1:v][0:v]overlay=shortest=1" out.mp4
-ignore_loop 0 -i ../anim.gif -t 3 -pix_fmt yuv420p out.mp4
-i ../in.mp4 -loop 1 -i ../a.png -filter_complex "[0:v][1:v]overlay=shortest=1[v]" -map "[v]" -map 0:a -c:a copy out.mp4
-i ../short.wav -filter_complex "[0:a]showwaves=s=96x64:mode=line,format=yuv420p[v]" -map "[v]" -map 0:a -c:a aac out.mp4
-ss 0.2 -i ../short.wav -filter_complex showspectrum=s=96x64,format=yuv420p -c:a copy -metadata title=New out.mkv
-i ../in.mp4 -filter_complex "[0:a]showwaves=s=96x64[v]" -map "[v]" -map 0:a -c:a copy out.mp4
-i ../music.mp3 -filter_complex showwavespic=s=96x64 -frames:v 1 out.png
-loop 1 -i ../a.png -vf trim=0:1,fps=5,hflip -pix_fmt yuv420p out.mp4
-i ../in.mp4 -c:v rawvideo -pix_fmt bgr24 -t 0.5 -an out.avi
-i ../in.mp4 -c:v rawvideo -pix_fmt rgb24 -t 0.5 -an out.mov
-i ../in.mp4 -filter_complex "[0:v]split[a][b];[b]scale=40:-2[c];[a][c]overlay" -map 0:a -c:a copy out.mp4
-accurate_seek -ss 0.5 -i ../in.mkv -map 0:v -map 0:s -c:s copy out.mkv
-i ../in.mp4 -i ../music.mp3 -map 0:v -map 1:a -c:v libx264 -c:a copy -shortest out.mp4
-i ../in.mp4 -i ../music.mp3 -map 0:v:0 -map 1:a:0 -c:a aac -b:a 96k out.mp4
-i ../silent.mp4 -i ../short.wav -c:v libx264 -c:a aac out.mp4
-i ../music.mp3 -i ../silent.mp4 -c:a aac -map_metadata -1 -shortest out.mp4
-i ../music.mp3 -i ../in.mp4 -map 1:v -map 0:a -vf hflip -c:a copy -map_metadata -1 -shortest out.mkv
-i ../in.mp4 -i ../in.srt -map 0 -map 1 -c:a copy -c:s mov_text out.mp4
-i ../in.mp4 -ss 2 -t 1.5 -i ../music.mp3 -map 0:v -map 1:a -c:a pcm_s16le out.mkv
-i ../silent.mp4 -itsoffset 0.5 -i ../short.wav -c:a pcm_s16le out.mkv
-i ../silent.mp4 -i ../short.wav -map 0:v -map 1:a -af apad -c:a pcm_s16le -shortest out.mkv
-i ../silent.mp4 -i ../short.wav -map 0:v -map 1:a -vf hflip -af apad -c:a pcm_s16le -t 2 out.mkv
-i ../silent.mp4 -stream_loop -1 -i ../short.wav -map 0:v -map 1:a -c:a pcm_s16le -shortest out.mkv
-i ../silent.mp4 -stream_loop 1 -i ../short.wav -c:a pcm_s16le -t 2.8 out.mkv
-loop 1 -framerate 5 -i ../a.png -i ../music.mp3 -c:v libx264 -pix_fmt yuv420p -c:a copy -t 2 out.mp4
-i ../in.mp4 -f lavfi -i sine=300:d=2 -map 0:v -map 1 -c:a aac out.mp4
-sseof -1 -i ../in.mp4 -an out.mkv
-i ../in.mp4 -af volume=0.5,afade=t=in:d=1 -c:v libx264 out.mp4
-i ../in.mp4 -vf setpts=0.5*PTS -filter:a atempo=2.0 out.mkv
-i ../in.mp4 -filter:a "pan=mono|c0=c0,aresample=22050" -c:a pcm_s16le out.mkv
-ss 0.81 -i ../film.mkv -t 0.5 -c:v ffv1 out.mkv
-i ../film.mkv -ss 0.81 -t 0.31 -c:v ffv1 out.mkv
-ss 1.013 -i ../film.mkv -vf fps=30000/1001 -t 0.5 -c:v ffv1 out.mkv
-i ../uneven.mkv -c:v mpeg2video out.mov
-i ../uneven.mkv -vf hflip -c:v mpeg2video out.mkv
-i ../uneven.mkv -c:v mpeg1video -f mpegts out.ts
-i ../in.mp4 -i ../music.mp3 -filter_complex "[0:v]fps=10,split[a][b];[a][b]hstack[v]" -map "[v]" -map 1:a -c:a copy -t 2 out.mp4
-i ../silent.mp4 -i ../music.mp3 -filter_complex "[0:v]setpts=0.5*PTS[v];[1:a]atempo=2.0[a]" -map "[v]" -map "[a]" out.mp4
-i ../silent.mp4 -i ../music.mp3 -i ../short.wav -filter_complex "[1:a][2:a]amix=inputs=2:duration=longest[a]" -map 0:v -map "[a]" -c:a aac out.mp4
-i ../silent.mp4 -i ../music.mp3 -i ../short.wav -filter_complex "[1:a]volume=0.4[m];[m][2:a]amerge=inputs=2,pan=stereo|c0=c0+c2|c1=c1+c2[a];[0:v]hflip[v]" -map "[v]" -map "[a]" -c:a aac out.mp4
-i ../silent.mp4 -i ../music.mp3 -i ../short.wav -filter_complex amix=inputs=2:duration=shortest -map 0:v out.mp4
-f lavfi -i anullsrc=r=44100:cl=stereo -i ../silent.mp4 -shortest -c:v copy -c:a aac -map_metadata -1 out.mp4
-i ../silent.mp4 -f lavfi -i anullsrc -c:v copy -c:a aac -shortest out.mp4
-i ../silent.mp4 -i ../music.mp3 -stream_loop -1 -i ../short.wav -filter_complex "[1:a][2:a]amix=inputs=2:duration=first[a]" -map 0:v -map "[a]" -c:v copy out.mp4
-i ../in.mp4 -stream_loop -1 -i ../anim.gif -filter_complex "[0:v][1:v]overlay=5:5:shortest=1" -c:a copy out.mp4
-i ../silent.mp4 -stream_loop -1 -i ../in.mkv -filter_complex "[1:v]scale=80:-2[s];[0:v][s]overlay=eof_action=endall[v]" -map "[v]" out.mp4
-i ../silent.mp4 -stream_loop 1 -i ../anim.gif -filter_complex "[0:v][1:v]overlay=eof_action=pass" out.mp4
-i ../silent.mp4 -itsoffset 1 -i ../anim.gif -filter_complex "[0:v][1:v]overlay=5:5:eof_action=pass" out.mp4
-i ../in.mp4 -itsoffset 0.5 -i ../in.ts -filter_complex "[0:v][1:v]overlay=x=50[v]" -map "[v]" -map 0:a -c:a copy out.mp4
-i ../silent.mp4 -filter_complex "[0:v]hflip[v]" -map "[v]" -map 0:a? out.mp4
-i ../in.mp4 -filter_complex "[0:v]hflip[v]" -map "[v]" -map 0:a? -c:a aac out.mp4
-i ../silent.mp4 -i ../music.mp3 -filter_complex "[1:a]volume=0.5[a]" -map 0:v -map "[a]" out.mp4
-i ../silent.mp4 -i ../music.mp3 -filter_complex "[0:v]hflip[v]; [1:a]volume=0.5, afade=t=in:d='1'" -map "[v]" out.mp4
-i ../short.wav -i ../in.mp4 -filter_complex "[1:v]hflip[v]" -map "[v]" -map 0:a -c:v mpeg4 out.mp4
-i ../in.mp4 -i ../old.avi -filter_complex "[1:v]scale=80:60,fps=10[v]" -map "[v]" -map 0:a -c:v mpeg4 out.mp4
-i ../short.wav -i ../in.mp4 -i ../a.png -filter_complex "[1:v][2:v]overlay=5:5[v]" -map "[v]" -map 0:a -c:v mpeg4 out.mp4
-i ../in.mp4 -filter_complex "sine=d=1[a]" -map 0:v -map "[a]" -c:v copy -c:a aac out.mp4
-i ../in.mp4 -filter_complex "anullsrc=r=48000:cl=stereo[a]" -map 0:v -map "[a]" -c:v copy -c:a aac -shortest out.mp4
-i ../in.mp4 -filter_complex "aevalsrc=0:d=2,asplit[s][t];[0:v]hflip[v]" -map "[v]" -map "[s]" -map "[t]" -map 0:a -c:v mpeg4 out.mp4
-i ../in.mp4 -i ../short.wav -filter_complex "[0:v]hflip;[1:a]volume=2" -c:v mpeg4 out.mp4
-i ../in.mp4 -i ../short.wav -map 0:v -map 1:a -af apad -c:v copy -c:a aac -shortest out.mp4
-i ../short.wav -i ../in.mp4 -filter_complex "[0:a]apad[a]" -map 1:v -map "[a]" -c:v copy -c:a aac -shortest out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -c copy -f ssegment -segment_time 2 out%03d.ts
-i ../in.srt out.vtt
-i ../in.mkv -map 0 -map -0:v -map -0:s -c copy out.mka
-i ../in.mkv -map 0 -map -0:v -c copy out.mkv
-i ../in.mkv out.srt
-i ../in.mkv out.ass
END

(cd "$work" && ffmpeg -nostdin -v error -i music.mp3 -i a.png -map 0 -map 1 -c:a aac -b:a 64k -c:v copy \
    -disposition:v attached_pic cover.m4a)
# FFmpeg 5.1 never frees the frame that its reader of graphs looked at before -t ended the file.
ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 each line << 'END'
-filter_complex "testsrc=s=64x48,split [a] [b]; [b]drawbox=t=1:enable='gte(n,1)' [c];[a][c]hstack;sine" -t 1 -pix_fmt yuv420p -c:a aac out.mkv
END

# Of several sounds that are not marked the first becomes the default, of single subtitles none.
(cd "$work" && ffmpeg -nostdin -v error -i in.mkv -map 0:a -map 0:s -c copy -disposition:a:0 0 -disposition:a:1 0 -disposition:s 0 \
    unmarked.mkv)
# The container says another proportion than the packets.
(cd "$work" && ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v libx264 -aspect 16:9 square.mp4 &&
    ffmpeg -nostdin -v error -i square.mp4 -c copy -aspect 4:3 wide.mp4)
each copied << 'END'
-i ../in.mp4 -c copy out.mkv
-i ../in.mp4 -c copy -movflags +faststart out.mp4
-i ../in.mp4 -codec copy out.mov
-i ../in.mkv -map 0 -c copy out.mkv
-i ../in.mkv -map 0 -map -0:s -c copy out.mkv
-i ../in.mkv -map 0:v:0 -map 0:a:1 -c copy -map_metadata -1 -map_chapters -1 out.mkv
-ss 1.3 -i ../in.mp4 -c copy out.mp4
-ss 1.3 -i ../in.mp4 -t 1 -c copy out.mkv
-ss 1 -i ../in.mkv -to 2 -c copy -an out.mkv
-sseof -2 -i ../in.mp4 -c copy out.mp4
-t 2 -i ../in.mp4 -c copy out.mkv
-i ../in.mp4 -map 0 -map -0:s -map -0:t -map -0:d -c copy out.mp4
-i ../in.mp4 -ss 1.3 -to 2.5 -c:v copy -an out.mp4
-i ../in.mp4 -t 2 -c copy out.ts
-i ../in.mp4 -frames:v 20 -c:v copy -an out.h264
-i ../in.mp4 -c copy -metadata title=New -metadata:s:a:0 language=fra -aspect 4:3 -tag:v avc1 out.mp4
-i ../in.mp4 -i ../music.mp3 -map 0:v -map 1:a -c copy out.mkv
-i ../in.mp4 -itsoffset 0.5 -i ../in.mp4 -map 0:v -map 1:a -c copy out.mkv
-i ../in.mp4 -i ../short.wav -map 0:v -map 1:a -c copy -shortest out.mkv
-i ../short.wav -i ../in.mp4 -map 1:v -map 0:a -c copy -shortest out.mkv
-i ../music.mp3 -i ../in.mp4 -map 1:v -map 0:a -c copy -shortest out.mkv
-i ../in.mp4 -c copy -f segment -segment_time 1 -reset_timestamps 1 out%03d.mp4
-i ../in.mp4 -t 2 -c:v copy -c:a pcm_s16le out.mkv
-i ../old.avi -c copy out.avi
-fflags +genpts -i ../old.avi -c copy out.mp4
-stream_loop 1 -i ../music.mp3 -c copy out.mp3
-i ../in.mp4 -c copy -f nut -
-i ../in.mp4 -vn -c:a copy out.m4a
-i ../in.mp4 -vn out.wav
-i ../in.mp4 -ac 1 -ar 16000 out.wav
-i ../in.mp4 -map 0:a -c copy out.mka
-i ../short.wav -ss 0.5 -t 0.5 out.wav
-ss 0.333 -t 0.777 -i ../short.wav out.wav
-ss 1 -t 1.5 -i ../in.mp4 -vn out.flac
-i ../in.mp4 -q:a 2 out.mp3
-i ../music.mp3 -ss 1 -to 3 -c copy out.mp3
-i ../in.mkv -map 0 -c copy -disposition:a:1 default -disposition:a:0 0 -disposition:s:0 +forced out.mkv
-i ../in.mp4 -i ../unmarked.mkv -map 0:v -map 1:a -map 1:s -map 1:s -c copy out.mkv
-i ../unmarked.mkv -map 0:a -map 0:s -c copy out.mkv
-i ../cover.m4a -c copy out.m4a
-i ../music.mp3 -i ../a.png -map 0:a -map 1:v -c copy -id3v2_version 3 -metadata:s:v title=Cover out.mp3
-i ../in.mp4 -i ../a.png -map 0 -map 1 -c copy -c:v:1 png -disposition:v:1 attached_pic out.mp4
-i ../cover.m4a out.flac
-i ../in.mkv -map 0:s:0 out.srt
-i ../wide.mp4 -c copy out.mp4
-i ../wide.mp4 -c copy out.mkv
END

(cd "$work" && "$warpreel" -v error -i in.mp4 -i music.mp3 -map 0:v -map 1:a -c copy -shortest -y short.mp4)
verdict "-shortest ends copied sound with the video" "$(apart "$work/short.mp4" "$work/silent.mp4")"
(cd "$work" && "$warpreel" -v error -stream_loop 2 -i silent.mp4 -c copy -y thrice.mp4)
verdict "-stream_loop repeats a copied video" \
    "$([ "$(times "$work/thrice.mp4" | wc -l)" = 300 ] || times "$work/thrice.mp4" | wc -l)"
(cd "$work" && "$warpreel" -v error -i music.mp3 -af atempo=2 -t 2 -y fast.wav)
verdict "-t counts behind filters for sound" "$(awk -v s="$(ffprobe -v error -show_entries format=duration \
    -of csv=p=0 "$work/fast.wav")" 'BEGIN { if (s < 1.98 || s > 2.03) print "ends at " s " s" }')"
(cd "$work" && "$warpreel" -y -i in.mp4 -c copy said.mkv) > "$said" 2>&1
verdict "the last line says that the video was copied" "$(grep -q '100 frames, 160x120, h264 copied' "$said" || cat "$said")"

(cd "$work" && "$warpreel" -i music.mp3 -i a.png -map 0:a -map 1:v -c:a copy -y cover.mp3) > "$said" 2>&1
verdict "a picture that is mapped into an MP3 is not left out in silence" "$([ $? = 2 ] && [ ! -e "$work/cover.mp3" ] &&
    grep -q 'becomes its cover' "$said" || cat "$said")"

# What each stream holds: when it begins, and how long it is.
spans() {
    local stream
    for stream in v a; do
        ffprobe -v error -select_streams "$stream" -show_entries packet=pts_time,duration_time -of csv=p=0 "$1" |
            grep '^[-0-9]' | sort -g |
            awk -F, -v stream="$stream" 'NR == 1 { first = $1 } { last = $1 + $2 } END { print stream, first, last }'
    done
}

compare_spans() {
    paste -d ' ' <(spans "$(made "$1" "$3")") <(spans "$(made "$2" "$3")") |
        awk '($2 - $5) ^ 2 > 0.0025 || ($3 - $6) ^ 2 > 0.01 { print $1 " is from " $2 " to " $3 " s and not from " $5 " to " $6 }'
}

(cd "$work" && ffmpeg -nostdin -v error -i silent.mp4 -itsoffset 0.5 -i short.wav -map 0 -map 1 -c copy late.mkv)
# What a graph makes keeps its times, and -ss behind -i cuts pictures and sound of all inputs alike.
spanned() { both compare_spans "$1"; }

each spanned << 'END'
-i ../late.mkv -filter_complex "[0:a]showwaves=s=96x64[v]" -map "[v]" -map 0:a -c:a copy out.mkv
-i ../silent.mp4 -filter_complex "sine=d=2,asetpts=PTS+0.5/TB[a]" -map 0:v -map "[a]" -c:v copy -c:a flac out.mkv
-i ../late.mkv -filter_complex "[0:a]showwaves=s=96x64[v]" -map "[v]" -map 0:a -c:a copy -ss 1 out.mkv
-i ../silent.mp4 -filter_complex "sine=d=3[a]" -map 0:v -map "[a]" -c:a flac -ss 1 out.mkv
-i ../silent.mp4 -i ../music.mp3 -map 0:v -map 1:a -c:a copy -ss 1.5 out.mkv
-i ../silent.mp4 -i ../music.mp3 -map 0:v -map 1:a -c:a pcm_s16le -ss 1.5 out.mkv
END

# The graph's output need not be written last.
(cd "$work" && for program in ffmpeg "$warpreel"; do
    "$program" -v error -nostdin -y -i in.mp4 -filter_complex "[v]vibrance=0.5,format=gbrp[out];[0:v]null[v]" -map "[out]" \
        -c:v ffv1 -frames:v 2 "${program##*/}.mkv"
done)
same "format before the output counts wherever it is written" \
    "$(ffprobe -v error -show_entries stream=pix_fmt -of csv=p=0 "$work/warpreel.mkv")" \
    "$(ffprobe -v error -show_entries stream=pix_fmt -of csv=p=0 "$work/ffmpeg.mkv")"

# Each output of a line is a run of its own.
(cd "$work" && "$warpreel" -v error -i in.mp4 -t 1 -c:v ffv1 -an one.mkv -vf hflip -c:v ffv1 -an two.mkv -vn three.wav -y) &&
    (cd "$work" && ffmpeg -nostdin -v error -i in.mp4 -t 1 -c:v ffv1 -an f1.mkv -vf hflip -c:v ffv1 -an f2.mkv -vn f3.wav)
verdict "several outputs in one line" "$(for pair in one.mkv:f1.mkv two.mkv:f2.mkv three.wav:f3.wav; do
    cmp <(hashes "$work/${pair%:*}") <(hashes "$work/${pair#*:}") 2>&1
done)"
verdict "an option of one output is not the others'" "$([ "$(frames "$work/two.mkv")" = 100 ] || frames "$work/two.mkv")"

# refused CODE WORDS...: the line ends with this code and writes nothing, not even the first output.
refused() {
    local -r code=$1
    local got=0
    shift
    rm -f "$work/first.mkv"
    (cd "$work" && "$warpreel" -i in.mp4 -c copy first.mkv "$@") > "$said" 2>&1 || got=$?
    verdict "of several outputs none is made: $*" "$([ $got = "$code" ] && [ ! -e "$work/first.mkv" ] || cat "$said")"
}
refused 1 -c copy silent.mp4
refused 2 -vn ./first.mkv -y
refused 2 --report first.mkv -vn second.wav
refused 2 -c copy in.mp4 --report in.mp4

# What is tried before the first output is written tells nothing of its own.
(cd "$work" && "$warpreel" -i in.mp4 -t 0.2 -c:a aac -af volume=2 -y one.mkv two.mkv) > "$said" 2>&1
verdict "checking several outputs is silent" "$(grep -v '^warpreel: ' "$said")"

verdict "options of a sound that is copied are told of" "$(cd "$work" && "$warpreel" -i in.mp4 -t 0.2 -c copy -b:a 64k -y one.mkv 2>&1 |
    grep -q 'b=64k changes nothing, since sound is copied' || echo "nothing is said")"

# A container without sound leaves it out, whatever is asked of it without a codec, and says so.
soundless() {
    (cd "$work" && "$warpreel" -i in.mp4 -t 0.2 -y "$@" raw.h264) > "$said" 2>&1
    verdict "$* for a container without sound" "$([ $? = 0 ] && grep -q 'audio, aac) is left out: h264' "$said" || cat "$said")"
}
soundless -ar 22050
soundless -af volume=2
soundless -filter_complex '[0:a]volume=2[a]' -map 0:v -map '[a]'

(cd "$work" && "$warpreel" -i in.mp4 -ss 0.1 -t 0.2 -c copy -y keyless.mkv) > "$said" 2>&1
verdict "a copied part without a key frame is refused" "$([ $? = 1 ] && [ ! -e "$work/keyless.mkv" ] &&
    grep -q 'the part has no key frame' "$said" || cat "$said")"

# A damaged input is told of once for each output that it is in.
(cd "$work" && ffmpeg -nostdin -v error -i in.mp4 -c copy whole.mkv && head -c 60000 whole.mkv > part.mkv &&
    "$warpreel" -i part.mkv -c copy -y one.mkv -t 0.1 -c copy -y two.mkv) > "$said" 2>&1
verdict "damage is told once, with exit code 4" "$([ $? = 4 ] && [ "$(grep -c damaged "$said")" = 1 ] || cat "$said")"
(cd "$work" && "$warpreel" in.mp4 --codec copy --memory-plot plan.svg -o plotted.mkv) > "$said" 2>&1
verdict "a copied video has an empty plan of memory" "$(grep -q 'no filters' "$work/plan.svg" || cat "$said")"

# Encoders share a bit rate out among the frames of a second, also where times are finer: they count in frames.
# rated NAME WORDS...: both programs make about as many bytes.
rated() {
    local -r output=$1
    shift
    (cd "$work" && ffmpeg -nostdin -v error -i in.mp4 -an "$@" -y "f$output" &&
        "$warpreel" -v error -i in.mp4 -an "$@" -y "w$output") > "$said" 2>&1 || echo "$? $(cat "$said")"
    (cd "$work" && stat -c %s "f$output" "w$output") |
        awk 'NR == 1 { f = $1 } END { if ($1 < 0.9 * f || $1 > 1.1 * f) print $1 " bytes, and not " f }'
}
verdict "MPEG-4 has the bit rate asked for" "$(rated rate.mp4 -c:v mpeg4 -b:v 300k)"
verdict "WMV has the bit rate asked for" "$(rated rate.asf -c:v wmv2 -b:v 300k)"
verdict "Theora has the bit rate asked for" "$(rated rate.mkv -c:v libtheora -b:v 300k)"
verdict "H.264 has the bit rate asked for" "$(rated rate.mov -c:v libx264 -b:v 100k)"
verdict "the second pass takes what ffmpeg's first has found" "$(cd "$work" &&
    ffmpeg -nostdin -v error -i in.mp4 -an -c:v libx264 -b:v 100k -pass 1 -f null - && rated second.mp4 -c:v libx264 -b:v 100k -pass 2)"
verdict "the stream itself tells its frame rate" "$(cd "$work" && "$warpreel" -v error -i wrate.mov -c copy -y bare.h264 &&
    ffprobe -v error -show_entries stream=r_frame_rate -of csv=p=0 bare.h264 | grep -v '^25/1$')"

# playlist WORDS...: both programs make the same segments and name the same ones.
playlist() {
    local program
    for program in ffmpeg "$warpreel"; do
        rm -rf "$work/list.${program##*/}" && mkdir "$work/list.${program##*/}"
        (cd "$work/list.${program##*/}" && "$program" -nostdin -v error -i ../in.mp4 -an -map_metadata -1 -c:v libx264 -g 10 -crf 18 \
            -f hls -hls_time 0.4 "$@" out.m3u8 && ls && cat out.m3u8) < "/dev/null" > "$work/list.txt.${program##*/}" 2>&1
    done
    diff "$work/list.txt.ffmpeg" "$work/list.txt.${warpreel##*/}"
}
verdict "a playlist names the last segments that are asked for" "$(playlist -hls_list_size 3)"
verdict "segments that the playlist no longer names are deleted" \
    "$(playlist -hls_list_size 2 -hls_flags delete_segments && playlist -hls_flags delete_segments)"
verdict "a playlist is of the type that is asked for" "$(playlist -hls_playlist_type event && playlist -hls_playlist_type vod)"
verdict "without a wish a playlist names every segment" "$(playlist -hls_list_size 0
    cp "$work/list.txt.ffmpeg" "$work/all.txt"
    playlist > "$said"
    diff "$work/all.txt" "$work/list.txt.${warpreel##*/}")"

# AVI gets no empty packets between frames of one rate, and keeps those of several apart.
verdict "a copied video keeps its rate in AVI" "$(cd "$work" && "$warpreel" -v error -i in.mp4 -an -c copy -y copied.avi &&
    ffprobe -v error -show_entries stream=avg_frame_rate,nb_frames -of csv=p=0 copied.avi | grep -vx '25/1,100')"
verdict "a copied video of no one rate keeps its times in AVI" "$(cd "$work" &&
    ffmpeg -nostdin -v error -i in.mp4 -an -vf "select='not(mod(n,3))+not(mod(n,7))'" -vsync vfr -c:v mjpeg -y uneven.mkv &&
    "$warpreel" -v error -i uneven.mkv -c copy -y copied.avi &&
    paste <(times uneven.mkv) <(times copied.avi) | awk '($1 - $2) ^ 2 > 1e-5 || NF < 2 { print; bad = 1 } END { if (!NR) print "no frames" }')"

# MOV keeps gray as its negative.
(cd "$work" && "$warpreel" -v error -i in.mp4 -an -frames:v 2 -c:v rawvideo -pix_fmt gray -y gray.mov &&
    "$warpreel" -v error -i in.mp4 -an -frames:v 2 -c:v ffv1 -pix_fmt gray -y gray.mkv)
verdict "raw gray in MOV is read back as it was" \
    "$(cmp <(hashes "$work/gray.mov" -pix_fmt gray) <(hashes "$work/gray.mkv" -pix_fmt gray) 2>&1)"

# Where sound is shorter, newer versions of ffmpeg end the video with it; 5.1 does not.
(cd "$work" && timeout 60 "$warpreel" -v error -i silent.mp4 -i short.wav -c:a aac -shortest -y shortest.mkv)
verdict "-shortest ends the video with its sound" \
    "$([ "$(times "$work/shortest.mkv" | wc -l)" = 38 ] || times "$work/shortest.mkv" | wc -l)"
(cd "$work" && timeout 60 "$warpreel" -v error -loop 1 -framerate 10 -i a.png -i short.wav -pix_fmt yuv420p -shortest -y still.mkv)
verdict "-shortest ends a picture that is looped with its sound" \
    "$([ "$(times "$work/still.mkv" | wc -l)" = 15 ] || times "$work/still.mkv" | wc -l)"
finish
