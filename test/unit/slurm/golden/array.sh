#!/bin/bash
# Written by `sluice launch array`.
#SBATCH --array=1-12
#SBATCH --cpus-per-task=1
#SBATCH --job-name=sluice-svd_block-1a2b3c
#SBATCH --mem-per-cpu=800M
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --open-mode=append
#SBATCH --output=/home/ada/sluice/data/logs/%x-%A_%a.log
#SBATCH --requeue
#SBATCH --signal=B:USR1@60
#SBATCH --time=01:00:00

set -u
checkout=/home/ada/sluice
node=/home/ada/sluice/node
export SLUICE_CONNECTION=/home/ada/.sluice/sluice/broker.json
# A URL from the shell that submitted this would outrank the connection file, and may be one for that host alone.
unset REDIS_URL

if [[ ! -f $checkout/dist/consumer.mjs || ! -x $node ]]; then
  echo "sluice: $(hostname) sees no $checkout/dist/consumer.mjs, or no $node;" \
    "submit from the checkout, after 'npm run setup', on a file system that all nodes share" >&2
  exit 1
fi

# SLURM's warning (USR1) reaches this shell alone, which asks the process below to leave, by TERM: a Node that has only
# just been started takes USR1 for a request to open its debugger to everybody on the host. Before there is a process,
# the shell just ends.
came=
ask_to_leave() {
  came+=" $1"
  [[ -n ${!:-} ]] || exit 0
  kill -s TERM "$!" 2>/dev/null
}
trap 'ask_to_leave USR1' USR1
trap 'ask_to_leave TERM' TERM

# A consumer takes nothing that it cannot finish; where it does not learn the end, the warning has to do.
# SLURM before release 23 does not tell a job when it ends; the controller may not tell either.
if [[ -z ${SLURM_JOB_END_TIME:-} ]]; then
  task=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
  ends=$(SLURM_TIME_FORMAT=%s timeout 10 scontrol show job "$task" 2>/dev/null | grep -m 1 -oE ' EndTime=[0-9]{10,}')
  if [[ -n $ends ]]; then export SLURM_JOB_END_TIME=${ends#*=}; fi
fi

# The warning of an end that the consumer knows is none to it: what it has begun is over before that, and would be thrown
# away at the end of its grace. A warning that comes earlier is of another end, as of preemption.
warned() {
  if [[ -n ${SLURM_JOB_END_TIME:-} ]] && ((SLURM_JOB_END_TIME - $(date +%s) <= 120)); then return; fi
  ask_to_leave USR1
}
trap warned USR1

# In the background, since bash runs no trap while it waits for a program in the foreground.
"$node" "$checkout/dist/consumer.mjs" svd_block --idle-exit 30 --grace 10 --jitter 5 &
wait "$!"
code=$?
# A signal ends `wait` before the process has left.
while kill -0 "$!" 2>/dev/null; do
  wait "$!"
  code=$?
done
# To have left at the warning is no failure.
if [[ $came == *USR1* && $code -eq $((128 + $(kill -l TERM))) ]]; then code=0; fi
exit "$code"
