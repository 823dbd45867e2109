#!/usr/bin/env bash
# The program in a real window on a virtual screen, driven with mouse and keyboard: draws, trains, saves and opens
# through the system's dialog (zenity), is killed in the middle of saving, and finds its work again.
#   tests/real_window.sh PROGRAM [FOLDER-FOR-SCREENSHOTS]
# Needs xvfb, openbox, xdotool, imagemagick, zenity and a software GL (see .ci/run).
set -u
program=$(realpath "$1")
work=$(mktemp -d)
shots=${2:-$work/shots}
mkdir -p "$shots" "$work/run" "$work/home"
chmod 700 "$work/run"
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LIBGL_ALWAYS_SOFTWARE=1
export XDG_DATA_HOME="$HOME/.local/share" XDG_CONFIG_HOME="$HOME/.config" INKGRAD_HOME="$work/inkgrad"
# No desktop portal: the dialogs are zenity's. The practice digits are the data.
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS INKGRAD_DATA_DIR

passed=0 failed=0 server="" manager="" window_process=""
check() { # check SENTENCE COMMAND…
  local sentence=$1
  shift
  if "$@" >"$work/why" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $sentence"
  else
    failed=$((failed + 1))
    echo "FAILED  $sentence"
    sed 's/^/        /' "$work/why" | tail -5
    shot "failed-$failed"
  fi
}
finish() {
  [ -n "$window_process" ] && kill -9 "$window_process" 2>/dev/null
  kill "$manager" "$server" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# wait_until SECONDS COMMAND…: whether the command succeeds within that time.
wait_until() {
  local tries=$(($1 * 10))
  shift
  for _ in $(seq "$tries"); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  echo "waited in vain for: $*"
  return 1
}
manager_is_there() { xdotool get_num_desktops; }

# -noreset: without it the server starts over whenever its last client leaves, and turns away who is just coming.
Xvfb -displayfd 3 -noreset -screen 0 1280x800x24 3>"$work/display" >/dev/null 2>&1 &
server=$!
wait_until 60 test -s "$work/display" || exit 1
DISPLAY=":$(cat "$work/display")"
export DISPLAY
openbox >/dev/null 2>&1 &
manager=$!
wait_until 60 manager_is_there || exit 1

shot() { import -window root "$shots/$1.png" 2>/dev/null; }
window() { xdotool search --onlyvisible --pid "$window_process" 2>/dev/null | tail -1; }
window_is_there() { [ -n "$(window)" ]; }
title_has() { xdotool getwindowname "$(window)" | grep -F -- "$1"; }
title_lacks() { ! title_has "$1"; }
alive() { kill -0 "$window_process"; }
gone() { ! kill -0 "$window_process" 2>/dev/null; }
key() { xdotool key --clearmodifiers "$@"; sleep 0.4; }
start() {
  "$program" >>"$work/log" 2>&1 &
  window_process=$!
  wait_until 60 window_is_there || { cat "$work/log"; return 1; }
  sleep 2
  xdotool windowsize "$(window)" 1280 800 windowmove "$(window)" 0 0 windowfocus "$(window)" 2>/dev/null
  sleep 1
}
quit_hard() { kill -9 "$window_process" 2>/dev/null; wait "$window_process" 2>/dev/null; }
dialog() { xdotool search --onlyvisible --class zenity | tail -1; }
dialog_is_open() { [ -n "$(dialog)" ]; }
dialog_is_gone() { [ -z "$(dialog)" ]; }
# answer_dialog PATH: types a path into the file dialog that is open and confirms.
answer_dialog() {
  wait_until 15 dialog_is_open || return 1
  sleep 1
  xdotool windowfocus "$(dialog)" 2>/dev/null
  key ctrl+l
  key ctrl+a
  xdotool type --delay 15 "$1"
  sleep 0.5
  key Return
  wait_until 15 dialog_is_gone || return 1
  xdotool windowfocus "$(window)" 2>/dev/null
  sleep 0.6
}
# stroke X Y X Y …: one stroke of the mouse through these places of the window.
stroke() {
  xdotool mousemove "$1" "$2" mousedown 1
  shift 2
  while [ $# -gt 1 ]; do xdotool mousemove "$1" "$2"; sleep 0.02; shift 2; done
  xdotool mouseup 1
  sleep 0.3
}
pixels_differ() { [ "$(compare -metric AE "$shots/$1.png" "$shots/$2.png" null: 2>&1)" -gt 500 ]; }
processor_ticks() { awk '{ print $14 + $15 }' "/proc/$window_process/stat"; }

start
check "the window opens with the bundled model" title_has "default"
shot 1-start

stroke 90 170 110 168 140 165 170 164 200 163 190 190 175 220 160 250 150 280 145 310
shot 2-drawn
check "a stroke of the mouse changes the picture" pixels_differ 1-start 2-drawn

key ctrl+z
shot 3-undone
check "undo takes the stroke back" pixels_differ 2-drawn 3-undone
key ctrl+shift+z

key space
check "play trains a fresh network" wait_until 20 title_has "784-128-64-10"
sleep 4
stroke 100 320 200 330
shot 4-training
# A single step ends in a pause, whether the run is still going or has finished on a quick machine.
key Right
sleep 2
before=$(processor_ticks)
sleep 3
after=$(processor_ticks)
check "paused, the program rests (under 5 % of one core)" test $((after - before)) -lt 15

key ctrl+s
check "saving opens the system's dialog" answer_dialog "$work/m.json"
check "the model is written" wait_until 10 test -s "$work/m.json"
check "the title shows its name, saved" wait_until 10 title_lacks "•"
accuracy() { "$program" eval "$work/m.json" --data practice --json | sed -E 's/.*"accuracy": ?([0-9.]+).*/\1/'; }
check "the saved model has learned (over 80 % of the practice digits)" \
  awk -v accuracy="$(accuracy)" 'BEGIN { print accuracy; exit !(accuracy > 0.8) }'

echo '{"format": "inkgrad-model", "version": 1, "name": "cut' >"$work/broken.json"
key ctrl+o
check "opening asks for a file" answer_dialog "$work/broken.json"
sleep 1
shot 5-broken
check "a broken file leaves the window and the model as they are" title_has "m"
check "the program is still there" alive

cp "$work/m.json" "$work/other.json"
sed -i 's/"name": *"[^"]*"/"name": "tomorrow"/' "$work/other.json"
key ctrl+o
check "opening asks for a file again" answer_dialog "$work/other.json"
check "the opened model answers" wait_until 10 title_has "tomorrow"
shot 6-opened

# Killed in the middle of saving: the file is the old or the new one, never a part of one.
for round in 1 2 3 4 5 6; do
  key Right
  wait_until 5 title_has "•" >/dev/null
  xdotool key --clearmodifiers ctrl+s
  sleep "0.0$((round * 13 % 10))"
  quit_hard
  check "killed while it saves, the file is whole (round $round)" "$program" eval "$work/other.json" --data practice
  start
  key Escape
  key ctrl+o
  answer_dialog "$work/other.json" >/dev/null
  wait_until 10 title_has "tomorrow" >/dev/null
done

key Right
wait_until 5 title_has "•" >/dev/null
key ctrl+q
check "quitting with unsaved work asks first" alive
shot 7-question
key Escape
check "Escape stays" alive
key ctrl+q
key Tab
check "the answer is found by keyboard" alive
key Escape
key ctrl+s
check "saved again" wait_until 10 title_lacks "•"
xdotool windowfocus "$(window)" 2>/dev/null
key ctrl+q
check "saved, it closes at once" wait_until 5 gone
check "no program thread panicked" sh -c "! grep -i panicked '$work/log'"

echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
