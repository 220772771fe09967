#!/bin/sh
# engine.sh RUN DATA: a Docker engine whose socket is RUN/docker.sock and whose images are in DATA. It ends when standard
# input closes, however its owner ended, and takes with it its containers, its networks and what it did to iptables.
set -u
run=$1 data=$2
export DOCKER_HOST="unix://$run/docker.sock"
exec 3<&0
# Where there is a bridge, another engine has made it, and the rules beside it.
if ip link show docker0 > /dev/null 2>&1; then shared=yes; else shared=no; fi

# Without the capability that raises its own priority, the default of --oom-score-adjust is refused.
dockerd --data-root "$data" --exec-root "$run/exec" --pidfile "$run/docker.pid" --host "$DOCKER_HOST" \
  --oom-score-adjust 0 < /dev/null > "$run/dockerd.log" 2>&1 3<&- &
engine=$!
{
  read -r line <&3
  docker ps --all --quiet | xargs -r docker rm --force --volumes
  docker network ls --quiet --filter type=custom | xargs -r docker network rm
  kill "$engine"
} > /dev/null 2>&1 &
reader=$!
wait "$engine"
code=$?
kill "$reader" 2> /dev/null

mount | awk -v run="$run/" 'index($3, run) == 1 { print $3 }' | sort -r | xargs -r umount
if [ $shared = no ]; then
  ip link delete docker0 2> /dev/null
  for table in filter nat; do
    iptables --wait --table $table --list-rules | grep '^-A' | grep -E 'DOCKER|docker0' | sed 's/^-A/-D/' |
      while read -r rule; do eval iptables --wait --table $table "$rule"; done
    iptables --wait --table $table --list-rules | sed -n 's/^-N DOCKER/-X DOCKER/p' |
      while read -r chain; do eval iptables --wait --table $table "$chain"; done
  done
fi
exit $code
