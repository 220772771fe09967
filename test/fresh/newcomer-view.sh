#!/bin/sh
# Runs a command as a newcomer's machine would: newcomer-view.sh SCRATCH [redis] [compiler] [lists] -- COMMAND
# ... Started by test/fresh as the first process of new mount and process namespaces, so that nothing here
# touches the machine, and nothing that the command leaves behind survives. What is left behind is listed in
# SCRATCH/left.
set -eu

scratch=$1
shift
: > "$scratch/empty"
mkdir -p "$scratch/nothing"
chmod 755 "$scratch/empty" "$scratch/nothing"

hide_programs() {
  for name in "$@"; do
    for folder in /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin; do
      file=$(readlink -f "$folder/$name" || true)
      if [ -s "$file" ]; then mount --bind "$scratch/empty" "$file"; fi
    done
  done
}

hide_redis() {
  hide_programs redis-server redis-cli redis-check-rdb redis-check-aof redis-benchmark \
    valkey-server valkey-cli
  for library in /usr/lib/*/liblzf.so.1 /usr/lib/*/libjemalloc.so.2; do
    if [ -e "$library" ]; then mount --bind "$scratch/empty" "$(readlink -f "$library")"; fi
  done
  # apt, too, must believe that they were never installed.
  if [ -f /var/lib/dpkg/status ]; then
    awk 'BEGIN { RS = ""; ORS = "\n\n" }
      !/^Package: (redis-server|redis-tools|valkey-server|valkey-tools|liblzf1|libjemalloc2)\n/' \
      /var/lib/dpkg/status > "$scratch/status"
    chmod 644 "$scratch/status"
    mount --bind "$scratch/status" /var/lib/dpkg/status
  fi
}

while [ "$1" != -- ]; do
  case $1 in
    redis) hide_redis ;;
    compiler) hide_programs cc gcc g++ c++ clang make cmake ;;
    lists) if [ -d /var/lib/apt/lists ]; then mount --bind "$scratch/nothing" /var/lib/apt/lists; fi ;;
  esac
  shift
done
shift

code=0
"$@" || code=$?

# A process may be on its way out when its parent has gone: ask for five seconds.
tries=0
while [ $tries -lt 50 ]; do
  : > "$scratch/left"
  for process in /proc/[0-9]*; do
    if [ "$process" = /proc/1 ]; then continue; fi
    words=$(tr '\0' ' ' < "$process/cmdline" 2> /dev/null || true)
    case $words in '' | "tr "*) ;; *) echo "$words" >> "$scratch/left" ;; esac
  done
  if [ ! -s "$scratch/left" ]; then break; fi
  sleep 0.1
  tries=$((tries + 1))
done
exit $code
